package kinfolio.ui.family.lock.kept

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.StandardOpenOption
import java.nio.file.attribute.PosixFilePermissions
import kotlin.io.path.createDirectories
import kotlin.io.path.exists
import kotlin.io.path.readBytes

/** The bytes of a file, none where there is none. */
internal fun readOrNull(file: Path): ByteArray? = file.takeIf(Path::exists)?.readBytes()

/** Writes a file that only this user reads: all of it or nothing, and on the disk when this returns. */
internal fun writeWhole(file: Path, bytes: ByteArray) {
    val folder = file.parent.createDirectories()
    val only = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    val new = Files.createTempFile(folder, file.fileName.toString(), ".new", only)
    FileChannel.open(new, StandardOpenOption.WRITE).use {
        val left = ByteBuffer.wrap(bytes)
        while (left.hasRemaining()) it.write(left)
        it.force(true)
    }
    Files.move(new, file, StandardCopyOption.ATOMIC_MOVE)
    try {
        FileChannel.open(folder, StandardOpenOption.READ).use { it.force(true) }
    } catch (_: IOException) {
        // Some systems open no folder as a file. There the move above is as durable as they make it.
    }
}

package kinfolio.desktop

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.attribute.PosixFilePermissions
import kinfolio.bridge.Secrets
import kotlin.io.path.exists
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes

/** The store's key in files that only this user reads. It is not wrapped by a PIN yet: who copies the folder has the record. */
class FileSecrets(private val folder: Path) : Secrets {
    override fun load(name: String): ByteArray? = folder.resolve(name).takeIf(Path::exists)?.readBytes()

    override fun save(name: String, secret: ByteArray) {
        Files.createDirectories(folder)
        val only = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        val new = Files.createTempFile(folder, name, ".new", only)
        new.writeBytes(secret)
        Files.move(new, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE)
    }
}

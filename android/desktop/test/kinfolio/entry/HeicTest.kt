package kinfolio.entry

import java.io.File
import javax.imageio.ImageIO
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Outcome
import kinfolio.done
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs

/** What an iPhone takes. */
class HeicTest {
    private val phone = TestPhone()
    private val photo = File(System.getProperty("kinfolio.root"), "tests/fixtures/photos/cup.heic")
    private val entry = runBlocking { phone.core.entries.create(TODAY, "A cup", emptySet(), onRecord = false).done().id }

    @After
    fun close() = phone.close()

    @Test
    fun anIphonesPhotoStandsUprightAndKeepsItsDate() = runBlocking {
        phone.core.attached.add(entry, photo.path, "IMG_0001.HEIC") {}.done()
        val kept = phone.core.attached.of(entry).done().single()
        assertEquals("2026-05-03T10:20:30", kept.takenAt)
        val small = ImageIO.read(phone.core.attached.small(kept.id).done().inputStream())
        assertEquals(320 to 480, small.width to small.height)
        val reference = ImageIO.read(File(photo.parentFile, "cup.jpg"))
        var off = 0L
        for (y in 8 until 472 step 8) for (x in 8 until 312 step 8) {
            // A quarter turn clockwise of the same photograph, 600 x 400 there, 480 x 320 here.
            val there = reference.getRGB(y * 5 / 4, (319 - x) * 5 / 4)
            off += kotlin.math.abs((there shr 8 and 255) - (small.getRGB(x, y) shr 8 and 255))
        }
        assert(off / (58 * 38) < 12) { "${off / (58 * 38)} of 255 apart on the average" }
    }

    @Test
    fun aBrokenOneIsRefusedByNameAndNothingIsKept() = runBlocking {
        val half = File.createTempFile("half", ".heic").apply { writeBytes(photo.readBytes().copyOf(9_000)) }
        val refused = assertIs<Outcome.Failed>(phone.core.attached.add(entry, half.path, "half.heic") {})
        assertEquals("half.heic: the phone can't read this picture: save it as JPEG and try again", refused.problem.reason)
        assertEquals(emptyList(), phone.core.attached.of(entry).done())
        half.delete()
        Unit
    }
}

package kinfolio.app

import android.app.Activity
import android.app.Application
import android.content.ContentProvider
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

private val REFERENCE = Regex("@(android:)?([a-z]+)/([A-Za-z0-9_.]+)")

/** What the build tools of Android would check: that all that the manifest and the resources name is there. */
class ManifestTest {
    private val manifest = parsed("AndroidManifest.xml")

    private fun classOf(name: String): Class<*> = Class.forName(name, false, javaClass.classLoader)

    @Test
    fun `every class that the manifest names is there and is what it is named as`() {
        val kinds = mapOf("application" to Application::class.java, "activity" to Activity::class.java, "provider" to ContentProvider::class.java)
        var seen = 0
        for ((tag, kind) in kinds) {
            for (element in manifest.all(tag)) {
                assertTrue(kind.isAssignableFrom(classOf(element.android("name"))), element.android("name"))
                seen++
            }
        }
        val named = manifest.all("*").count { it.android("name").startsWith("kinfolio.") || it.android("name").startsWith("androidx.") }
        assertEquals(named, seen, "a kind of part that this test doesn't know")
    }

    @Test
    fun `every permission that the app asks for is one of Android's, and there are five`() {
        val known = android.Manifest.permission::class.java.fields.map { it.get(null) }
        val asked = manifest.all("uses-permission").map { it.android("name") }
        assertEquals(emptyList(), asked - known.toSet())
        assertEquals(setOf("INTERNET", "ACCESS_NETWORK_STATE", "POST_NOTIFICATIONS", "CAMERA", "USE_BIOMETRIC"), asked.mapTo(HashSet()) { it.substringAfterLast('.') })
    }

    @Test
    fun `every string, picture, style and file that manifest and resources name is there`() {
        val files = listOf("AndroidManifest.xml") + here.resolve("res").walk().filter(File::isFile).map { it.relativeTo(here).path }
        val named = files.flatMap { file -> parsed(file).values().flatMap(REFERENCE::findAll) }.toSet()
        assertTrue(named.size > 10)
        for (reference in named) {
            val (android, kind, name) = reference.destructured
            val holder = classOf((if (android.isEmpty()) "kinfolio.app.R$" else "android.R$") + kind)
            assertTrue(holder.fields.any { it.name == name.replace('.', '_') }, reference.value)
        }
    }

    @Test
    fun `every part that others may open says so, and no other may be opened`() {
        for (element in manifest.all("activity") + manifest.all("provider")) {
            assertTrue(element.hasAttributeNS(ANDROID, "exported"), element.android("name"))
        }
        val open = manifest.all("activity").plus(manifest.all("provider")).filter { it.android("exported") == "true" }.map { it.android("name").substringAfterLast('.') }
        assertEquals(listOf("MainActivity", "QuickAddActivity", "ShareActivity"), open)
    }

    @Test
    fun `the shortcut opens an activity that is there`() {
        val intent = parsed("res/xml/shortcuts.xml").all("intent").single()
        assertTrue(Activity::class.java.isAssignableFrom(classOf(intent.android("targetClass"))))
        assertTrue(here.resolve("build.gradle.kts").readText().contains("applicationId = \"${intent.android("targetPackage")}\""))
    }

    @Test
    fun `a sign-in comes back by the links that the server registers`() {
        val links = manifest.all("intent-filter").map { filter -> filter.all("data").joinToString("") { it.android("scheme") + it.android("path") } }
        assertTrue("https/app/callback" in links && "app.kinfolio/oauth2redirect" in links, "$links")
        val registered = File(here, "../../sync-server/src/oauth/clients.rs").readText()
        assertTrue("app.kinfolio:/oauth2redirect" in registered && "/app/callback" in registered)
    }

    @Test
    fun `nothing of the record goes into a cloud backup or to another phone`() {
        val application = manifest.all("application").single()
        assertEquals("false", application.android("allowBackup"))
        val rules = parsed("res/xml/data_extraction_rules.xml")
        val all = setOf("root", "file", "database", "sharedpref", "external", "device_root", "device_file", "device_database", "device_sharedpref")
        for (way in listOf("cloud-backup", "device-transfer")) {
            val excluded = rules.all(way).single().all("exclude")
            assertEquals(all, excluded.mapTo(HashSet()) { it.getAttribute("domain") }, way)
            assertTrue(excluded.all { it.getAttribute("path") == "." }, way)
        }
        assertEquals(emptyList(), rules.all("include") + parsed("res/xml/full_backup_content.xml").all("include"))
    }

    @Test
    fun `nothing travels in the clear, and no authority of the person's own is trusted`() {
        val config = parsed("res/xml/network_security_config.xml")
        assertEquals("false", config.all("base-config").single().getAttribute("cleartextTrafficPermitted"))
        assertEquals(listOf("system"), config.all("certificates").map { it.getAttribute("src") })
        assertEquals(emptyList(), config.all("domain-config") + config.all("debug-overrides"))
        assertFalse(manifest.all("application").single().hasAttributeNS(ANDROID, "usesCleartextTraffic"))
    }
}

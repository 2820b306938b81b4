package kinfolio.app

import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import org.w3c.dom.Element

internal const val ANDROID = "http://schemas.android.com/apk/res/android"

/** The folder of the phone's part. */
internal val here = File(System.getProperty("kinfolio.root"), "android/app")

internal fun parsed(path: String): Element =
    DocumentBuilderFactory.newInstance().apply { isNamespaceAware = true }.newDocumentBuilder().parse(here.resolve(path)).documentElement

internal fun Element.all(tag: String): List<Element> = getElementsByTagName(tag).let { found -> List(found.length) { found.item(it) as Element } }

internal fun Element.android(name: String): String = getAttributeNS(ANDROID, name)

/** Every attribute's value and every text below. */
internal fun Element.values(): List<String> = all("*").plus(this).flatMap { one ->
    List(one.attributes.length) { one.attributes.item(it).nodeValue } + one.textContent.trim()
}

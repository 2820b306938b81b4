package kinfolio.app

import android.content.Context
import kinfolio.ui.Memos

/** Small things that pages keep between two starts. */
class PreferenceMemos(context: Context) : Memos {
    private val kept = context.getSharedPreferences("memos", Context.MODE_PRIVATE)

    override fun read(name: String): String? = kept.getString(name, null)

    override fun write(name: String, value: String?) = kept.edit().putString(name, value).apply()
}

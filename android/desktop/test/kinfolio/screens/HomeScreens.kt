package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import kinfolio.ui.family.comfort.ComfortPage
import kinfolio.ui.look.Comfort
import kinfolio.ui.look.Letters
import kinfolio.ui.look.Spacing
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Place
import kinfolio.ui.stage.Way

private fun on(page: Page): (Way, Any) -> Unit = { way, _ ->
    way.go(Place.Family)
    way.open(page)
}

@OptIn(ExperimentalTestApi::class)
internal val homeScreens = listOf(
    Pictured("comfort", "Less movement", way = on(ComfortPage)),
    Pictured("comfort-wider", "Less movement", fill = {
        it.fill()
        kinfolio.ui.look.Comforts(it.outside.memos).choose(Comfort(letters = Letters.Book, spacing = Spacing.Wider, isStill = true))
    }, way = on(ComfortPage)),
)

package kinfolio.ui.documents

import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Paperwork
import kinfolio.bridge.Portfolio
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Shielded
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.TickRow
import kinfolio.ui.reports.MakingFoot
import kinfolio.ui.reports.NameFields
import kinfolio.ui.reports.NeverLeaves
import kinfolio.ui.reports.OtherPeople
import kinfolio.ui.reports.OthersField
import kinfolio.ui.reports.Places
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** The names in a portfolio, word by word, and the file. */
data class PortfolioNamesPage(val portfolio: Portfolio) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { PortfolioNamesModel(stage.core, portfolio, stage.device.outside.saves, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        Shielded()
        val making by model.making.state.collectAsState()
        val pages = state.pages?.takeIf { portfolio.kind == Paperwork.Pdf }?.let { words.count("pages", it.toLong()) }.orEmpty()
        PageFrame(words["name_in_document"], foot = { MakingFoot(model.making, making, words["kind_" + portfolio.kind.name.lowercase()], pages, model::make) }) {
            val learner = state.learner ?: return@PageFrame Loading()
            NameFields(learner.nickname, state.printAs, state.name, state.nameWrong, model::printAs, model::name)
            TickRow(words["remember_here"], state.remembers, model::remembers)
            OthersField(state.named.others, model::others)
            Places(state.places, model::tick)
            OtherPeople(state.otherNames, state.named.shortened, model::shorten)
            if (portfolio.kind == Paperwork.WebPage) SwitchRow(words["seal"], state.isSealed, model::seal, words["seal_means"])
            if (state.sealWords.isNotEmpty()) SealWords(state.sealWords)
            NeverLeaves()
            Help(words["file_name_is", state.fileName])
        }
    }
}

/** Numbered, as they are told by voice. */
@Composable
private fun SealWords(seal: List<String>) {
    val words = LocalStage.current.words
    Card(Modifier.padding(top = 12.dp)) {
        Text(words["seal_words"], style = MaterialTheme.typography.titleMedium)
        Text(seal.withIndex().joinToString("\n") { (at, word) -> "${at + 1}  $word" }, Modifier.padding(vertical = 8.dp), style = MaterialTheme.typography.bodyLarge)
        Help(words["seal_words_what"])
    }
}

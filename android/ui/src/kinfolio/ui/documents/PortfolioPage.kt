package kinfolio.ui.documents

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Paperwork
import kinfolio.bridge.PictureIn
import kinfolio.bridge.SheetOf
import kinfolio.bridge.Portfolio
import kinfolio.ui.Words
import kinfolio.ui.family.safety.size
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Photo
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.reports.Days
import kinfolio.ui.reports.WhoseField
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** What a portfolio holds, and as what it is written. */
data object PortfolioPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { PortfolioModel(stage.core, it, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        PageFrame(words["portfolio"], foot = {
            Text(holds(state, words), Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyMedium)
            MainButton(words["portfolio_go_on"], { model.chosen()?.let { stage.way.open(PortfolioNamesPage(it)) } })
        }) {
            WhoseField(words["portfolio_of"], state.learners, state.portfolio?.learner, state.whoWrong) { model.learner(it.id) }
            state.period?.let { Days(it, model::period) }
            state.portfolio?.let { Choice(it, state, model) }
            state.wrong?.let { Wrong(it) }
            val pictures = state.holds?.pictures.orEmpty()
            if (pictures.isNotEmpty()) {
                ListRow(words["portfolio_pictures"], detail = words.count("portfolio_photos", pictures.size.toLong()), icon = Icons.Image) { stage.way.open(PicturesPage(pictures)) }
                Help(words["others_children"])
            }
        }
    }
}

/** Every photo of a portfolio, to be looked over before it is made. */
data class PicturesPage(val pictures: List<PictureIn>) : Page {
    @OptIn(ExperimentalLayoutApi::class)
    @Composable
    override fun Content() {
        val words = LocalStage.current.words
        PageFrame(words["portfolio_pictures"]) {
            Help(words["portfolio_pictures_what"])
            FlowRow(Modifier.padding(vertical = 12.dp), Arrangement.spacedBy(8.dp), Arrangement.spacedBy(8.dp)) {
                for (picture in pictures) Photo(picture.photo, words["portfolio_picture", picture.day], 96.dp)
            }
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Choice(portfolio: Portfolio, state: PortfolioState, model: PortfolioModel) {
    val words = LocalStage.current.words
    if (state.subjects.isNotEmpty()) {
        Label(words["portfolio_subjects"])
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            for (subject in state.subjects) {
                val isIn = subject.id in portfolio.subjects
                Chip(subject.name, isIn, { model.change { if (isIn) it.copy(subjects = it.subjects - subject.id) else it.copy(subjects = it.subjects + subject.id) } })
            }
        }
    }
    SwitchRow(words["portfolio_starred"], portfolio.starredOnly, { on -> model.change { it.copy(starredOnly = on) } })
    SwitchRow(words["portfolio_hours"], portfolio.hours, { on -> model.change { it.copy(hours = on) } })
    SwitchRow(words["portfolio_reading"], portfolio.reading, { on -> model.change { it.copy(reading = on) } })
    SwitchRow(words["portfolio_mail"], portfolio.forMail, { on -> model.change { it.copy(forMail = on) } }, words["portfolio_mail_means"])
    Label(words["portfolio_most"])
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (most in MOST) Chip(most?.toString() ?: words["portfolio_all"], most == portfolio.mostPerSubject, { model.change { it.copy(mostPerSubject = most) } })
    }
    Label(words["file_kind"])
    Segments(Paperwork.entries.map { it to words["kind_" + it.name.lowercase()] }, portfolio.kind, { kind -> model.change { it.copy(kind = kind) } })
    if (portfolio.kind != Paperwork.Pdf) return
    Label(words["portfolio_sheet"])
    Segments(SheetOf.entries.map { it to words["sheet_" + it.name.lowercase()] }, portfolio.sheet, { sheet -> model.change { it.copy(sheet = sheet) } })
    if (portfolio.sheet == SheetOf.Book) Help(words["sheet_book_means"])
    else SwitchRow(words["portfolio_plain"], portfolio.isPlain, { on -> model.change { it.copy(isPlain = on) } })
}

/** How many entries of each subject are offered as the most; null: all. */
private val MOST = listOf(null, 2, 4, 8)

private fun holds(state: PortfolioState, words: Words): String {
    val holds = state.holds
    val bulk = state.bulk
    return when {
        state.portfolio == null -> ""
        state.isCounting -> words["portfolio_counting"]
        holds == null || bulk == null -> ""
        holds.entries == 0 -> words["portfolio_empty"]
        !bulk.fits -> words["portfolio_too_large"]
        else -> words[
            "portfolio_holds", words.count("portfolio_entries", holds.entries.toLong()), words.count("portfolio_photos", holds.pictures.size.toLong()),
            size(bulk.bytes, words),
        ]
    }
}

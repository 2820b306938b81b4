package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import java.time.LocalDate
import kinfolio.TestPhone
import kinfolio.bridge.Period
import kinfolio.done
import kinfolio.ui.learners.LearnerFormPage
import kinfolio.ui.learners.LearnerPage
import kinfolio.ui.learners.TermsPage
import kinfolio.ui.learners.YearGroupPage
import kinfolio.ui.stage.Place
import kinfolio.ui.stage.Way
import kotlinx.coroutines.runBlocking

private fun first(phone: TestPhone) = runBlocking { phone.core.learners.list().done() }.first().id

private fun page(way: Way, phone: TestPhone) {
    way.go(Place.Learners)
    way.open(LearnerPage(first(phone)))
}

@OptIn(ExperimentalTestApi::class)
internal val learnerScreens = listOf(
    Pictured("learners", "Otter", way = { way, _ -> way.go(Place.Learners) }),
    Pictured("learner", "over 3 days", way = ::page),
    Pictured("learner-table", "over 3 days", way = ::page, act = {
        onNodeWithText("Show as table").performScrollTo().performClick()
    }),
    Pictured("learner-remove", "over 3 days", way = ::page, act = {
        onNodeWithText("Remove this learner").performScrollTo().performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("Keep")).fetchSemanticsNodes().isNotEmpty() }
    }),
    Pictured("learner-form", "Change name, picture or colour", way = { way, phone ->
        way.go(Place.Learners)
        way.open(LearnerFormPage(first(phone)))
    }),
    Pictured("learner-terms", "over 2 days", way = { way, phone ->
        way.go(Place.Learners)
        way.open(TermsPage(first(phone), Period(LocalDate.of(2025, 9, 1), LocalDate.of(2026, 8, 31))))
    }),
    Pictured("learner-year-group", "Reception", way = { way, phone ->
        way.go(Place.Learners)
        way.open(YearGroupPage(first(phone)))
    }),
    Pictured("family", "Phones and people", way = { way, _ -> way.go(Place.Family) }),
)

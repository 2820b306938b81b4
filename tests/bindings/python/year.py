"""A family's year through the façade alone: every feature by its number, against sums that this script makes by hand.

Usage: year.py BINDINGS_FOLDER   (`./dev test` does)

| number | function |
|---|---|
| 1 quick-add | test_01_a_line_is_in_the_timeline_at_once |
| 2 without account | test_02_all_of_it_works_without_an_account |
| 3 photos | test_03_twelve_photos_keep_their_order_and_words |
| 4 metadata | test_04_no_stored_copy_holds_metadata |
| 5 own lines | test_05_each_learner_sees_the_shared_text_and_their_own_line |
| 6 day of learning | test_06_the_day_of_learning_is_not_the_day_of_writing |
| 7 subjects | test_07_subjects_are_renamed_merged_hidden_and_come_from_lists |
| 8 drafts | test_08_a_draft_survives_a_kill |
| 9 shared from elsewhere | test_09_what_is_shared_lands_as_a_draft, test_09_what_is_shared_into_a_locked_record_waits_sealed_and_lands_as_a_draft |
| 10 papers | test_10_a_paper_is_cleaned_and_opens, test_10_a_word_document_is_cleaned_and_macros_are_refused |
| 11, 12 recordings, clips | test_11_what_is_too_heavy_or_no_recording_is_refused_by_name |
| 13 templates, repeats | test_13_once_more_and_every_week |
| 14 catching up | test_14_a_folder_of_photographs_becomes_entries_by_day |
| 16 timeline | test_16_months_jumps_pages_and_filters |
| 17 search | test_17_search_finds_every_text_and_says_where |
| 18 calendar | test_18_a_dot_for_each_learner |
| 19 looking back | test_19_this_day_in_earlier_years_after_a_yes |
| 20 nicknames | test_20_two_learners_may_share_a_nickname |
| 21 year groups | test_21_year_groups_move_up_by_the_calendar |
| 22 rename | test_22_a_learner_is_renamed_everywhere |
| 22 removed, merged | test_22_a_learner_goes_and_comes_back_and_two_become_one |
| 23 goals, plans | test_23_goals_have_evidence_and_plans_become_entries |
| 24 hours, timer | test_24_hours_are_split_and_never_counted_twice, test_24_the_timer_says_where_it_is_in_doubt |
| 25 reading log | test_25_the_reading_log |
| 26 coverage | test_26_coverage_by_subject_and_term |
| 27 skills | test_27_lists_of_skills |
| 28 providers, trips, exams | test_28_providers_trips_and_qualifications |
| register estimate | test_28_a_week_is_estimated |
| 42 room on the phone | test_42_what_only_this_phone_has_never_goes |
| 44 trash, undo | test_44_what_was_thrown_away_or_changed_comes_back |
| 44 versions | test_44_earlier_versions_come_back |
| 50 imports | test_50_the_record_goes_out_and_comes_in, test_50_tables_and_diaries_come_in |
| 56 family log | test_56_the_log_says_who_did_what_and_holds_no_words |
| 57 reminders | test_57_what_is_due_is_told_outside_of_quiet_hours |
| 64 needs, assessments | test_64_needs_and_assessments_are_in_nothing_else |
| 66 letters | test_66_letters_until_they_are_answered |
| 67 day out | test_67_a_day_out_takes_every_photo_of_the_day |
| 68 away, ill | test_68_marked_days_are_no_gaps |
| 29 to 34 documents | test_90_the_year_ends_as_a_portfolio_in_every_format, test_90_the_year_ends_as_a_report_with_its_sums, test_90_the_year_goes_out_whole_and_comes_in_elsewhere |
| 71 week sheet | test_90_a_weeks_sheet_holds_its_plans_and_its_days_and_room_to_write |
| 71 a full week | test_90_a_full_weeks_sheet_is_one_page_and_of_a_week_that_is_more_than_full_nothing_is_cut_off |
| bad input | test_69_what_cannot_be_kept_is_named_and_nothing_is_half_written |
"""
import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

from phones import Clock, FIRST, LAST, days, lines, phone, k
from year_capture import Capture
from year_documents import Documents
from year_finding import Finding
from year_progress import Progress
from year_safety import Safety


class Year(Capture, Finding, Progress, Safety, Documents, unittest.TestCase):
    """The year of Hedgehog and Otter: maths on Mondays, the club on Wednesdays, a walk on the last of each month."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.home = home = phone(cls.root / "home")
        cls.hedgehog = home.learners().add(k.NewLearner(nickname="Hedgehog", emoji="🦔"))
        cls.otter = home.learners().add(k.NewLearner(nickname="Otter", emoji="🦦"))
        cls.maths, cls.science, cls.art = (home.subjects().add(name, "") for name in ("Maths", "Science", "Art"))
        home.subjects().update(cls.maths.id, k.SubjectEdit(core=True))
        cls.club = home.providers().add(k.Provider(name="Forest club", form=k.ProviderForm.CLUB))
        cls.mondays = [day for day in days() if day.weekday() == 0]
        cls.wednesdays = [day for day in days() if day.weekday() == 2]
        cls.walks = [day for day in days() if (day + datetime.timedelta(1)).day == 1]
        for day in cls.mondays:
            home.entries().create(k.EntryDraft(
                title="Sums", learned_on=str(day), minutes=45, on_record=True, subjects=[cls.maths.id], learners=lines(cls.hedgehog),
                taught=k.Taught(by=k.TaughtBy.PARENT, place=k.Place.HOME)))
        for day in cls.wednesdays:
            home.entries().create(k.EntryDraft(
                title="Forest", learned_on=str(day), minutes=91, on_record=True, subjects=[cls.science.id, cls.art.id],
                learners=lines(cls.hedgehog, cls.otter),
                taught=k.Taught(by=k.TaughtBy.PROVIDER, provider=cls.club.id, place=k.Place.AWAY)))
        for day in cls.walks:
            home.entries().create(k.EntryDraft(title="Walk", learned_on=str(day), on_record=True, learners=lines(cls.hedgehog)))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        """A phone of its own for what changes things."""
        self.clock = Clock()
        self.place = self.root / self.id().rsplit(".", 1)[1]
        self.phone = phone(self.place, self.clock)
        self.ann = self.phone.learners().add(k.NewLearner(nickname="Ann"))
        self.ben = self.phone.learners().add(k.NewLearner(nickname="Ben"))

    def create(self, title, day, *learners, **more):
        draft = k.EntryDraft(**{"title": title, "learned_on": day, "on_record": True, "learners": lines(*learners), **more})
        return self.phone.entries().create(draft)

    def coverage(self, learner, span=None, client=None):
        query = k.CoverageQuery(learner=learner.id, first_day=str(FIRST), last_day=str(LAST), span=span or k.Span.WHOLE)
        return (client or self.home).coverage().coverage(query)

    def test_00_the_table_above_names_every_test_and_no_name_is_a_word_of_python(self):
        named = set(re.findall(r"test_[0-9a-z_]+", __doc__))
        there = {name for name in dir(self) if re.match(r"test_\d", name)} - {"test_00_the_table_above_names_every_test_and_no_name_is_a_word_of_python"}
        self.assertEqual(named, there)
        generated = pathlib.Path(k.__file__).read_text()
        self.assertIsNone(re.search(r"\b_(from|import|class|def|in|is|not|or|and|as|with)\s*[:=]", generated))


def killed(folder):
    """Types a draft, and is killed."""
    client = phone(folder)
    client.entries().create(k.EntryDraft(title="Half", note="typed so far", learned_on="2026-06-01"))
    subprocess.run(["kill", "-9", str(os.getpid())], check=False)
    time.sleep(60)


if __name__ == "__main__":
    if "--killed" in sys.argv:
        killed(sys.argv[3])
    unittest.main(argv=sys.argv[:1])

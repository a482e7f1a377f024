"""Which tests are about the file that SQLite writes, and so say nothing of an archive on PostgreSQL?  Each with why."""

ONLY_SQLITE = {
    "test_indexer_backup.py::test_an_archive_is_replaced_when_it_is_damaged_but_not_while_it_is_in_use": "damages it",
    "test_khotin.py::test_a_missing_archive_a_foreign_file_and_another_programs_database_are_refused": "writes it",
    "test_old_archives.py::test_an_archive_of_an_earlier_version_opens_and_is_whole": "earlier versions wrote files",
    "test_old_archives.py::test_each_migration_by_itself_leaves_an_archive_that_the_next_one_opens": "the same",
    "test_old_archives.py::test_a_backup_of_an_old_archive_is_restored_in_the_newest_shape": "the same",
    "test_web_watching.py::test_a_site_that_cannot_read_its_store_says_503": "damages it",
    "test_indexer_disk.py::test_the_parts_of_an_archive_are_measured": "measures the file",
    "test_indexer_doctor.py::test_damaged_pages_of_the_database_are_found_and_the_other_checks_go_on": "damages it",
    "test_indexer_doctor.py::test_a_database_that_is_none_is_told_without_a_crash": "writes a file that is no database",
    "test_indexer_doctor.py::test_a_row_that_points_to_nothing_is_found": "makes what PostgreSQL never lets in",
    "test_web_vital.py::test_the_embedded_store_and_engine_are_told_of": "measures the file",
}

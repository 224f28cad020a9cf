//! What must hold, by subject.

mod address;
mod bad_files;
mod faults;
mod fleet;
mod pages;
mod panic;

use tests_e2e::World;

macro_rules! all {
    ($($subject:ident: $($test:ident),+;)+) => {
        /// Every test with its name.
        pub const ALL: &[(&str, fn(&World))] = &[
            $($((concat!(stringify!($subject), "::", stringify!($test)), $subject::$test)),+),+
        ];
    };
}

all! {
    fleet: every_panel_gets_its_data, work_is_measured, the_first_load_is_what_the_budget_counts, a_refresh_brings_new_data;
    pages: each_is_clean_in_light_and_dark, home_lists_the_dashboards, explore_shows_graph_and_table,
        alerts_come_from_both_servers, panels_are_there_again_on_the_way_back, closing_a_row_keeps_the_panels_above,
        a_narrow_window_has_no_sideways_scrolling;
    address: a_route_survives_loading, the_range_asked_for_is_the_one_queried, back_goes_to_the_page_before,
        a_variable_reaches_the_queries, an_unknown_dashboard_says_so;
    faults: one_bad_answer_leaves_the_others_alone, old_data_stays_and_recovers, refused_queries_are_not_repeated,
        a_busy_server_is_asked_again, a_slow_panel_holds_up_no_other, five_queries_at_most_are_in_flight,
        without_a_network_the_data_stays;
    bad_files: a_broken_dashboard_says_where, a_broken_configuration_says_where;
    panic: the_page_stops_and_offers_a_reload;
}

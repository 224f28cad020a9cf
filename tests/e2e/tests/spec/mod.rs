//! What must hold, by subject.

mod accessible;
mod address;
mod annotations;
mod bad_files;
mod charts;
mod conditions;
mod corpus;
mod embed;
mod exemplars;
mod explore;
mod faults;
mod firefox;
mod fleet;
mod foreign;
mod home;
mod links;
mod names;
mod pages;
mod panic;
mod rules;
mod serving_auth;
mod serving_boot;
mod serving_folder;
mod serving_nginx;
mod settings;
mod shaping;
mod sources;
mod tab;
mod time;
mod time_picker;
mod undrawn;
mod variables;
mod worker;

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
    fleet: every_panel_gets_its_data, work_is_measured, the_first_load_is_what_the_budget_counts,
        a_plain_dashboard_asks_before_the_rest_is_there, a_second_visit_begins_with_all_code,
        a_refresh_brings_new_data, a_wrong_merge_would_be_heard;
    pages: each_is_clean_in_light_and_dark, home_lists_the_dashboards, explore_shows_graph_and_table,
        alerts_come_from_both_servers, targets_say_how_they_are, keys_go_everywhere, panels_are_there_again_on_the_way_back,
        what_is_far_away_is_an_empty_box, closing_a_row_keeps_the_panels_above,
        what_stands_behind_a_closed_row_is_shown, a_transparent_panel_has_no_ground,
        a_narrow_window_has_no_sideways_scrolling;
    settings: they_are_used_and_kept, they_go_to_another_browser_and_back_to_none,
        without_storage_they_last_until_the_tab_is_closed,
        the_configuration_says_what_opens;
    time_picker: a_range_is_picked_and_typed, the_calendar_goes_by_the_zone_and_the_keyboard, a_link_keeps_the_range;
    home: one_of_many_is_found, stars_and_visits_are_remembered, problems_are_told_and_gone_again,
        what_was_left_is_not_waited_for;
    tab: the_title_says_what_and_when, the_icon_counts_what_fires;
    foreign: a_file_is_opened_where_it_is_dropped, an_address_of_the_same_origin_is_opened;
    address: a_route_survives_loading, the_range_asked_for_is_the_one_queried, dates_in_an_address_are_on_utc, back_goes_to_the_page_before, an_unknown_dashboard_says_so,
        the_way_up_is_in_the_bar, the_palette_knows_what_is_offered;
    accessible: every_page_can_be_read, the_keyboard_reaches_everything, nothing_is_cut_off_where_there_is_little_room,
        what_opens_above_a_page_can_be_read;
    links: a_dashboard_leads_elsewhere, panels_lead_elsewhere, values_lead_elsewhere, cells_lead_elsewhere,
        texts_lead_elsewhere, links_say_the_time_that_is_shown, descriptions_are_read;
    conditions: data_hide_and_show_panels;
    names: they_are_made_of_labels_and_variables;
    variables: a_value_reaches_the_queries, they_ask_in_every_way, what_comes_late_is_offered, several_are_chosen_at_once,
        a_saved_value_that_is_not_offered_does_not_count, panels_stand_in_their_places_before_any_answer,
        a_range_that_is_none_stops_nothing, a_choice_asks_only_for_what_depends_on_it,
        a_list_that_is_left_is_closed, titles_say_the_interval_and_the_time_range, one_asks_with_the_value_of_another,
        texts_and_switches_stand_in_the_address, a_long_list_is_searched,
        filters_are_added_to_every_query, panels_and_rows_are_repeated, a_panel_has_its_own_time_range;
    explore: queries_come_and_go, a_mistake_is_told_without_asking, a_query_is_formatted, the_step_is_the_one_asked_for,
        the_server_has_the_last_word, names_are_completed_by_keyboard, brackets_come_in_pairs,
        metrics_are_found_and_put_to_use, a_large_server_is_searched, the_table_is_sorted_and_copied, the_table_is_of_any_instant, costs_are_told, queries_are_kept,
        queries_become_a_panel, nothing_is_cut_off_on_a_phone;
    faults: one_bad_answer_leaves_the_others_alone, a_query_that_fails_leaves_the_others_of_its_panel, a_panel_does_not_wait_for_its_slowest_query, old_data_stays_and_recovers, refused_queries_are_not_repeated,
        a_busy_server_is_asked_again, a_slow_panel_holds_up_no_other, five_requests_at_most_are_in_flight,
        without_a_network_the_data_stays, one_of_thirty_panels_that_hangs_is_alone, what_is_missing_is_said_even_of_nothing,
        a_million_series_are_cut_and_said_to_be, an_overtaken_answer_is_never_painted, a_sign_in_is_asked_for_once,
        a_server_that_takes_no_post_is_asked_by_get;
    time: a_server_that_never_answers_is_given_up, a_server_that_is_busy_is_left_alone_as_long_as_it_asks,
        a_server_that_starts_up_is_waited_for, a_slow_answer_leaves_the_old_one_in_view,
        a_refresh_slower_than_its_interval_skips_turns, a_hidden_tab_asks_once_when_it_is_back,
        a_machine_that_slept_asks_once, a_clock_that_is_wrong_is_put_right_and_told,
        times_are_clear_where_clocks_are_changed, zones_have_their_names;
    charts: the_line_nearest_to_the_pointer_stands_out, a_drag_zooms_in_and_back_zooms_out, the_cursor_moves_by_key;
    shaping: tables_are_merged_named_and_sorted, tables_are_joined, a_query_without_series_keeps_its_column,
        a_series_without_a_legend_is_named_by_its_labels, series_are_reduced_to_rows,
        an_expression_computes_with_hidden_queries, a_field_is_calculated_over_series,
        an_override_is_for_series_by_their_value, many_rows_are_there_where_one_looks, pages_are_turned, what_cannot_be_transformed_is_told;
    undrawn: heatmaps_show_their_data, gauges_show_their_values, what_asks_nothing_says_that_it_is_not_supported,
        a_mark_names_what_nothing_is_drawn_by, a_stat_writes_instants_and_changes, values_that_are_left_out_are_counted;
    sources: each_query_asks_its_own, what_the_configuration_says_goes_with_every_request,
        an_answer_is_cut_to_what_is_allowed;
    worker: another_one_goes_on, one_that_has_outgrown_its_memory_is_replaced,
        one_that_ends_again_and_again_is_given_up, one_goes_on_until_another_is_there;
    exemplars: they_stand_above_the_chart_and_lead_to_traces, a_chart_is_as_good_without_them;
    annotations: they_stand_on_the_charts_they_are_for;
    bad_files: a_broken_dashboard_says_where, a_broken_configuration_says_where,
        files_that_come_late_are_waited_for;
    corpus: every_dashboard_opens;
    panic: the_page_stops_and_offers_a_reload, any_other_trap_is_told, a_wall_screen_reloads_by_itself,
        a_page_that_has_grown_is_to_be_reloaded;
    rules: the_one_of_thousands_is_found;
    serving_nginx: every_page_works_below_a_path, files_come_compressed_and_are_kept_by_their_hash,
        the_folder_lists_the_dashboards, every_location_sends_the_headers, what_is_not_listed_is_refused,
        only_the_question_is_passed_on, the_demo_passes_on_the_same, it_is_put_at_another_path_or_at_the_root,
        the_guide_quotes_the_files;
    serving_auth: https_speaks_http_2, more_is_asked_at_a_time_over_http_2, only_who_shows_a_certificate_comes_in,
        a_server_elsewhere_is_asked_with_a_certificate, only_who_has_a_password_comes_in,
        the_tenant_follows_from_who_asks, a_proxy_signs_in, a_session_that_ends_is_said,
        alerts_are_silenced_by_those_who_may_only, a_group_silences;
    serving_folder: prometheus_serves_it_alone, any_static_server_will_do, a_file_says_how_to_serve_it;
    serving_boot: files_that_are_missing_or_wrong_are_told, each_file_of_the_program_is_wasm,
        a_broken_program_is_not_put_together_for_ever,
        without_its_script_the_page_still_says_something, a_browser_that_is_too_old_is_told_so,
        a_policy_that_forbids_the_program_is_told, a_new_version_on_the_server_is_told,
        a_part_that_is_gone_is_said;
    embed: a_dashboard_without_its_surroundings, the_page_around_shows_through, the_page_around_is_told_the_size, one_panel_with_its_variable_and_range,
        other_pages_are_kept_from_framing_it, without_storage_it_works_the_same;
    firefox: every_page_works, without_byte_streams_the_data_arrives;
}

/* The whole API on one screen: what can be asked, by whom, what it takes and what it gives.
 * Ordered by address; a literal segment stands before {…}. */
#include "web/access.h"
#include "web/admin.h"
#include "web/alert.h"
#include "web/audience.h"
#include "web/brief.h"
#include "web/change.h"
#include "web/decision.h"
#include "web/classify.h"
#include "web/evidence.h"
#include "web/health.h"
#include "web/hypothesis.h"
#include "web/incident.h"
#include "web/insight.h"
#include "web/me.h"
#include "web/metrics.h"
#include "web/mitigation.h"
#include "web/oncall.h"
#include "web/openapi.h"
#include "web/pack.h"
#include "web/policy.h"
#include "web/postmortem.h"
#include "web/probe.h"
#include "web/rollout.h"
#include "web/runbook.h"
#include "web/role.h"
#include "web/room.h"
#include "web/service.h"
#include "web/session.h"
#include "web/statuspage.h"
#include "web/subscriber.h"
#include "web/task.h"
#include "web/update.h"
#include "web/triage.h"
#include "web/threshold.h"
#include "web/user.h"
#include "web/web.h"
#include "web/webhook.h"

#include "domain/access.h"
#include "domain/alert.h"
#include "domain/brief.h"
#include "domain/change.h"
#include "domain/decision.h"
#include "domain/classify.h"
#include "domain/delivery.h"
#include "domain/evidence.h"
#include "domain/hypothesis.h"
#include "domain/incident.h"
#include "domain/mitigation.h"
#include "domain/pack_version.h"
#include "domain/policy.h"
#include "domain/postmortem.h"
#include "domain/probe.h"
#include "domain/rollout.h"
#include "domain/runbook.h"
#include "domain/role.h"
#include "domain/room.h"
#include "domain/service.h"
#include "domain/statuspage.h"
#include "domain/listener.h"
#include "domain/task.h"
#include "domain/update.h"
#include "domain/triage.h"
#include "domain/threshold.h"
#include "domain/user.h"
#include "engine/account.h"

#define AUDIENCE "/audiences/{id}"
#define INC "/incidents/{id}"
#define PACK "/packs/{id}"
#define PERSON "/people/{id}"
#define POLICY "/policies/{id}"
#define SERVICE "/services/{id}"
#define STATUS "/admin/status"
#define STATUS_FILE ROLE_ANYONE, get_status_file, .flags = WEB_RAW

const struct web_route web_routes[] = {
    {HTTP_GET, "/", ROLE_ANYONE, get_root, .summary = "Name and version; a browser is sent to its incidents"},
    {HTTP_GET, "/a/{token}", ROLE_ANYONE, get_ack_link, "ack", .summary = "What an acknowledge link is about"},
    {HTTP_POST, "/a/{token}", ROLE_ANYONE, post_ack_link, "ack", .flags = WEB_NO_CSRF, .summary = "Acknowledge by the link of a message, without signing in"},

    {HTTP_POST, "/action-items/{id}", ROLE_RESPONDER, post_action_item, "postmortem", action_item_fields, action_item_fields, "/reviews", .flags = WEB_PARTIAL, .nav = "reviews", .summary = "Change an action item"},

    {HTTP_GET, "/admin", ROLE_ADMIN, get_admin, "admin", .nav = "admin", .summary = "Is Tocsin itself well, and what did it send"},
    {HTTP_GET, "/admin/design", ROLE_ADMIN, get_admin_design, "design", .flags = WEB_PAGE, .nav = "admin", .summary = "Every part of the pages in every state"},

    {HTTP_GET, STATUS, ROLE_VIEWER, get_status_admin, "status_admin", .nav = "status", .summary = "Status pages, their components, and what is published"},
    {HTTP_POST, STATUS "/components", ROLE_MANAGER, post_status_components, "status_admin", component_input_fields, component_fields, STATUS, .nav = "status", .summary = "Make a component or a group of them"},
    {HTTP_GET, STATUS "/components/{id}", ROLE_VIEWER, get_status_component, "status_component", .returns = component_fields, .nav = "status", .summary = "One component"},
    {HTTP_POST, STATUS "/components/{id}", ROLE_MANAGER, post_status_component, "status_component", component_input_fields, component_fields, STATUS "/components/{id}", .flags = WEB_PARTIAL, .nav = "status", .summary = "Change a component; its state follows from what is published"},
    {HTTP_POST, STATUS "/components/{id}/remove", ROLE_MANAGER, post_status_component_remove, "status_component", .form = STATUS "/components/{id}", .nav = "status", .summary = "Take away a component that was never part of anything published"},
    {HTTP_POST, STATUS "/maintenance", ROLE_RESPONDER, post_status_maintenance, "status_admin", maintenance_input_fields, public_incident_fields, STATUS, .nav = "status", .summary = "Plan a maintenance"},
    {HTTP_GET, STATUS "/notices/{id}", ROLE_VIEWER, get_status_notice, "status_notice", .returns = public_incident_fields, .nav = "status", .summary = "What is published about an incident or a maintenance"},
    {HTTP_POST, STATUS "/notices/{id}", ROLE_RESPONDER, post_status_notice, "status_notice", public_edit_fields, public_incident_fields, STATUS "/notices/{id}", .flags = WEB_PARTIAL, .nav = "status", .summary = "Change its title or its plan"},
    {HTTP_POST, STATUS "/notices/{id}/postmortem", ROLE_RESPONDER, post_status_notice_postmortem, "status_notice", postmortem_text_fields, public_incident_fields, STATUS "/notices/{id}", .nav = "status", .summary = "Publish a postmortem written for the public; an empty one withdraws it"},
    {HTTP_POST, STATUS "/notices/{id}/updates", ROLE_RESPONDER, post_status_notice_updates, "status_notice", public_input_fields, public_incident_fields, STATUS "/notices/{id}", .nav = "status", .summary = "Publish an update"},
    {HTTP_POST, STATUS "/pages", ROLE_MANAGER, post_status_pages, "status_admin", status_page_input_fields, status_page_fields, STATUS, .nav = "status", .summary = "Make a status page"},
    {HTTP_GET, STATUS "/pages/{id}", ROLE_VIEWER, get_status_admin_page, "status_settings", .returns = status_page_fields, .nav = "status", .summary = "One status page's settings"},
    {HTTP_POST, STATUS "/pages/{id}", ROLE_MANAGER, post_status_admin_page, "status_settings", status_page_input_fields, status_page_fields, STATUS "/pages/{id}", .flags = WEB_PARTIAL, .nav = "status", .summary = "Change a status page"},
    {HTTP_POST, STATUS "/pages/{id}/link", ROLE_MANAGER, post_status_page_link, "status_settings", .returns = status_page_fields, .form = STATUS "/pages/{id}", .nav = "status", .summary = "Make a secret link to the page; it is shown in this answer only, and older ones stop working"},
    {HTTP_POST, STATUS "/pages/{id}/remove", ROLE_MANAGER, post_status_page_remove, "status_settings", .form = STATUS "/pages/{id}", .nav = "status", .summary = "Take a status page away, with its subscribers"},
    {HTTP_POST, "/admin/teams", ROLE_ADMIN, post_admin_teams, "admin", team_fields, NULL, "/admin", .nav = "admin", .summary = "Which escalation policy is paged when a class of incident calls for a role"},

    {HTTP_GET, "/admin/war-room", ROLE_MANAGER, get_admin_room, "admin_room", .returns = room_settings_fields, .nav = "admin", .summary = "Permanent bridges, and who takes turns at commanding"},
    {HTTP_POST, "/admin/war-room", ROLE_MANAGER, post_admin_room, "admin_room", room_settings_fields, room_settings_fields, "/admin/war-room", .nav = "admin", .summary = "Set the permanent bridges"},
    {HTTP_POST, "/admin/war-room/turns", ROLE_MANAGER, post_admin_turns, "admin_room", role_turn_input_fields, room_settings_fields, "/admin/war-room", .nav = "admin", .summary = "Add somebody to those who take turns at commanding"},
    {HTTP_POST, "/admin/war-room/turns/{user}/remove", ROLE_MANAGER, post_admin_turn_remove, "admin_room", .returns = room_settings_fields, .form = "/admin/war-room", .nav = "admin", .summary = "Take somebody out of the turns"},

    {HTTP_GET, "/alerts", ROLE_VIEWER, get_alerts, "alerts", .returns = alert_fields, .flags = WEB_LIVE | WEB_LIST, .nav = "alerts", .summary = "What fires and what has resolved lately; q= takes words or label matchers, state= firing, resolved or all, before= and limit= page"},
    {HTTP_GET, "/alerts/{id}", ROLE_VIEWER, get_alert, "alert", .returns = alert_fields, .flags = WEB_LIVE, .nav = "alerts", .summary = "One alert with its earlier episodes"},
    {HTTP_POST, "/alerts/{id}/resolve", ROLE_RESPONDER, post_alert_resolve, "alert", .returns = alert_fields, .form = "/alerts/{id}", .nav = "alerts", .summary = "Take it as over; it fires anew when its sender reports it again"},

    {HTTP_GET, "/changes", ROLE_VIEWER, get_changes, "changes", .returns = change_fields, .flags = WEB_LIST, .nav = "services", .summary = "What was deployed, switched and migrated, latest first; service=, kind= and from= filter, before= and limit= page"},
    {HTTP_POST, "/changes", ROLE_RESPONDER, post_changes, "changes", change_input_fields, change_fields, "/changes", .nav = "services", .summary = "Report a change; a second report with the same external_id updates the first"},
    {HTTP_GET, "/changes/{id}", ROLE_VIEWER, get_change, "change", .returns = change_fields, .nav = "services", .summary = "One change"},

    {HTTP_POST, "/in/{key}/changes", ROLE_ANYONE, post_in_changes, .takes = change_input_fields, .returns = change_fields, .flags = WEB_NO_CSRF, .summary = "Report a change with an integration key; it touches the key's service unless another is named"},
    {HTTP_POST, "/in/{key}/github", ROLE_ANYONE, post_in_github, .returns = change_fields, .flags = WEB_NO_CSRF, .summary = "GitHub's webhook: deployments, releases and pushes to the default branch; X-Hub-Signature-256 with the key's signing secret"},
    {HTTP_POST, "/in/{key}/gitlab", ROLE_ANYONE, post_in_gitlab, .returns = change_fields, .flags = WEB_NO_CSRF, .summary = "GitLab's webhook: deployments, releases and pushes to the default branch; X-Gitlab-Token is the key's signing secret"},

    {HTTP_GET, "/audiences", ROLE_VIEWER, get_audiences, "audiences", .nav = "oncall", .summary = "Who is told of incidents: what each audience is promised, and who subscribed"},
    {HTTP_POST, AUDIENCE, ROLE_MANAGER, post_audience, "audiences", audience_edit_fields, .form = "/audiences", .flags = WEB_PARTIAL, .nav = "oncall", .summary = "Set an audience's language, and whether two people must agree on a text for it"},
    {HTTP_POST, AUDIENCE "/subscribers", ROLE_MANAGER, post_audience_subscribers, "audiences", listener_input_fields, listener_fields, "/audiences", .nav = "oncall", .summary = "Let a person, a webhook or a mail address hear what the audience is told"},
    {HTTP_DELETE, AUDIENCE "/subscribers/{subscriber}", ROLE_MANAGER, post_audience_subscriber_remove, "audiences", .nav = "oncall", .summary = "Take a subscriber away"},
    {HTTP_POST, AUDIENCE "/subscribers/{subscriber}/remove", ROLE_MANAGER, post_audience_subscriber_remove, "audiences", .form = "/audiences", .flags = WEB_PAGE, .nav = "oncall", .summary = "Take a subscriber away, by a form"},

    {HTTP_GET, "/incidents", ROLE_VIEWER, get_incidents, "incidents", .flags = WEB_LIVE, .nav = "incidents", .summary = "What is open, what needs you, what was resolved lately"},
    {HTTP_POST, "/incidents", ROLE_RESPONDER, post_incidents, "incident", incident_declare_fields, incident_fields, "/incidents/new", .nav = "incidents", .summary = "Declare an incident"},
    {HTTP_GET, "/incidents/new", ROLE_RESPONDER, get_incident_new, "incident_new", .flags = WEB_PAGE, .nav = "incidents", .summary = "Form to declare an incident"},
    {HTTP_GET, INC, ROLE_VIEWER, get_incident, "incident", .returns = incident_fields, .flags = WEB_LIVE, .nav = "incidents", .summary = "One incident with its timeline"},
    {HTTP_POST, INC "/acknowledge", ROLE_RESPONDER, post_incident_acknowledge, "incident", incident_ack_fields, incident_fields, INC, .nav = "incidents", .summary = "Acknowledge: the escalation stops"},
    {HTTP_GET, INC "/brief", ROLE_VIEWER, get_incident_brief, "brief", .returns = brief_fields, .nav = "incidents", .summary = "The living brief: its newest version, or the one that version= names, with its changes; not kept yet while version is null"},
    {HTTP_POST, INC "/brief", ROLE_RESPONDER, post_incident_brief, "brief", .returns = brief_fields, .form = INC "/brief", .nav = "incidents", .summary = "Write a new version of the brief now, unless nothing has changed"},
    {HTTP_GET, INC "/brief/markdown", ROLE_VIEWER, get_incident_brief_markdown, .flags = WEB_RAW, .produces = "text/markdown", .nav = "incidents", .summary = "The brief as one Markdown document; version= names an older one"},
    {HTTP_POST, INC "/decisions", ROLE_RESPONDER, post_incident_decision, "incident", decision_facts_fields, decision_fields, INC, .nav = "incidents", .summary = "Roll back or fix forward: what the rules recommend, with every rule's verdict; other facts make another version"},
    {HTTP_POST, INC "/decisions/{decision}", ROLE_RESPONDER, post_incident_decision_choice, "incident", decision_choice_fields, decision_fields, INC, .nav = "incidents", .summary = "Record what was decided; against the recommendation with the reason"},
    {HTTP_POST, INC "/assessment", ROLE_RESPONDER, post_incident_assessment, "incident", assessment_input_fields, incident_fields, INC, .nav = "incidents", .summary = "Assess the impact: it proposes a severity; accept that, or choose another with the reason"},
    {HTTP_POST, INC "/break-glass", ROLE_ADMIN, post_incident_break_glass, "incident", access_reason_fields, incident_fields, "/admin", .flags = WEB_UNSEEN, .nav = "admin", .summary = "Let yourself into a restricted incident; the timeline says so"},
    {HTTP_POST, INC "/class", ROLE_RESPONDER, post_incident_class, "incident", classification_fields, incident_fields, INC, .nav = "incidents", .summary = "Set the class; its special handling begins at once"},
    {HTTP_POST, INC "/clocks/{clock}", ROLE_RESPONDER, post_incident_clock, "incident", clock_change_fields, incident_fields, INC, .nav = "incidents", .summary = "A legal deadline was met, or does not apply"},
    {HTTP_POST, INC "/confirmation", ROLE_RESPONDER, post_incident_confirmation, "incident", confirmation_fields, incident_fields, INC, .nav = "incidents", .summary = "Verify that it is real, and how; a false alarm is declined"},
    {HTTP_POST, INC "/escalate", ROLE_RESPONDER, post_incident_pass, "incident", incident_ack_fields, incident_fields, INC, .nav = "incidents", .summary = "Pass to the next step of the escalation now"},
    {HTTP_POST, INC "/evidence", ROLE_RESPONDER, post_incident_evidence, "incident", evidence_input_fields, evidence_fields, INC, .nav = "incidents", .summary = "Preserve evidence: a link, or a file of at most 256 KiB with its digest"},
    {HTTP_GET, INC "/evidence/{evidence}", ROLE_VIEWER, get_incident_evidence, .flags = WEB_RAW, .produces = "application/octet-stream", .nav = "incidents", .summary = "A preserved file, as it was given"},
    {HTTP_POST, INC "/evidence/{evidence}/remove", ROLE_MANAGER, post_incident_evidence_remove, "incident", access_reason_fields, incident_fields, INC, .nav = "incidents", .summary = "Delete evidence; refused while the incident is on hold"},
    {HTTP_POST, INC "/hold", ROLE_RESPONDER, post_incident_hold, "incident", access_reason_fields, incident_fields, INC, .nav = "incidents", .summary = "Evidence hold: nothing of the incident may be deleted"},
    {HTTP_POST, INC "/hold/release", ROLE_ADMIN, post_incident_hold_release, "incident", access_reason_fields, incident_fields, INC, .nav = "incidents", .summary = "Release the evidence hold"},
    {HTTP_POST, INC "/hypotheses", ROLE_RESPONDER, post_incident_hypotheses, "incident", hypothesis_new_fields, hypothesis_fields, INC, .nav = "incidents", .summary = "Say what might be the cause, in one's own words or of a change"},
    {HTTP_POST, INC "/hypotheses/{hypothesis}", ROLE_RESPONDER, post_incident_hypothesis, "incident", hypothesis_edit_fields, hypothesis_fields, INC, .flags = WEB_PARTIAL, .nav = "incidents", .summary = "Test a hypothesis, support, refute or confirm it; or change it"},
    {HTTP_POST, INC "/hypotheses/{hypothesis}/findings", ROLE_RESPONDER, post_incident_finding, "incident", finding_fields, hypothesis_fields, INC, .nav = "incidents", .summary = "Write down what speaks for a hypothesis or against it"},
    {HTTP_POST, INC "/impact", ROLE_RESPONDER, post_incident_impact, "incident", incident_edit_fields, incident_fields, INC, .flags = WEB_PARTIAL, .nav = "incidents", .summary = "Write down impact, cause, what is being done"},
    {HTTP_POST, INC "/mitigations", ROLE_RESPONDER, post_incident_mitigation, "incident", mitigation_input_fields, mitigation_fields, INC, .nav = "incidents", .summary = "Log what was done to stop the harm, also what was done earlier"},
    {HTTP_POST, INC "/mitigations/{mitigation}", ROLE_RESPONDER, post_incident_mitigation_change, "incident", mitigation_change_fields, mitigation_fields, INC, .nav = "incidents", .summary = "Say whether it helped"},
    {HTTP_POST, INC "/members", ROLE_RESPONDER, post_incident_members, "incident", access_invite_fields, incident_fields, INC, .nav = "incidents", .summary = "Let somebody into a restricted incident"},
    {HTTP_POST, INC "/members/{user}/remove", ROLE_RESPONDER, post_incident_member_remove, "incident", .returns = incident_fields, .form = INC, .nav = "incidents", .summary = "Take an invitation back"},
    {HTTP_POST, INC "/notes", ROLE_RESPONDER, post_incident_notes, "incident", incident_note_fields, incident_fields, INC, .nav = "incidents", .summary = "Add to the timeline, also about earlier, also as a correction"},
    {HTTP_POST, INC "/pages", ROLE_RESPONDER, post_incident_pages, "incident", incident_page_fields, incident_fields, INC, .nav = "incidents", .summary = "Page one person now"},
    {HTTP_POST, INC "/postmortem", ROLE_RESPONDER, post_incident_postmortem, "postmortem", .returns = postmortem_fields, .form = INC, .nav = "incidents", .summary = "Draft the postmortem from the timeline, or return the one there is"},
    {HTTP_POST, INC "/public", ROLE_RESPONDER, post_incident_public, "incident", public_input_fields, public_incident_fields, INC, .nav = "incidents", .summary = "Publish on the status page: status, approved text, and the state of components"},
    {HTTP_POST, INC "/reopen", ROLE_RESPONDER, post_incident_reopen, "incident", incident_version_fields, incident_fields, INC, .nav = "incidents", .summary = "It was not over after all"},
    {HTTP_POST, INC "/requests", ROLE_RESPONDER, post_incident_requests, "incident", request_input_fields, responder_request_fields, INC, .nav = "incidents", .summary = "Ask somebody to come: they are paged and accept or decline"},
    {HTTP_POST, INC "/requests/{request}", ROLE_RESPONDER, post_incident_request, "incident", request_answer_fields, responder_request_fields, INC, .nav = "incidents", .summary = "Accept or decline what you are asked"},
    {HTTP_POST, INC "/resolve", ROLE_RESPONDER, post_incident_resolve, "incident", incident_resolve_fields, incident_fields, INC, .nav = "incidents", .summary = "Resolve: everyone paged is told, a postmortem may become due"},
    {HTTP_POST, INC "/resources", ROLE_RESPONDER, post_incident_resources, "incident", resource_input_fields, resource_fields, INC, .nav = "incidents", .summary = "Say who works on what from now on"},
    {HTTP_POST, INC "/restriction", ROLE_RESPONDER, post_incident_restriction, "incident", access_reason_fields, incident_fields, INC, .nav = "incidents", .summary = "Restrict it: nobody but its members knows of it"},
    {HTTP_POST, INC "/restriction/lift", ROLE_MANAGER, post_incident_restriction_lift, "incident", access_reason_fields, incident_fields, INC, .nav = "incidents", .summary = "Let everybody see it again"},
    {HTTP_GET, INC "/roles", ROLE_VIEWER, get_incident_roles, .returns = role_term_fields, .flags = WEB_LIST, .nav = "incidents", .summary = "Who held which role from when to when; at= asks for one moment"},
    {HTTP_POST, INC "/roles", ROLE_RESPONDER, post_incident_roles, "incident", incident_role_fields, incident_fields, INC, .nav = "incidents", .summary = "Give a role to somebody, hand it over, or take it away"},
    {HTTP_POST, INC "/rollouts", ROLE_RESPONDER, post_incident_rollout, "incident", rollout_input_fields, rollout_fields, INC, .nav = "incidents", .summary = "Start a staged rollout of a fix"},
    {HTTP_POST, INC "/rollouts/{rollout}", ROLE_RESPONDER, post_incident_rollout_check, "incident", rollout_check_fields, rollout_fields, INC, .nav = "incidents", .summary = "Sign the current stage off, or say that it is failing"},
    {HTTP_POST, INC "/rollouts/{rollout}/back", ROLE_RESPONDER, post_incident_rollout_back, "incident", rollout_end_fields, rollout_fields, INC, .nav = "incidents", .summary = "It was rolled back"},
    {HTTP_POST, INC "/room", ROLE_RESPONDER, post_incident_room, "incident", .returns = war_room_fields, .form = INC, .nav = "incidents", .summary = "Open the war room"},
    {HTTP_POST, INC "/room/check-in", ROLE_RESPONDER, post_room_check_in, "incident", check_in_fields, war_room_fields, INC, .nav = "incidents", .summary = "Hold a check-in: the answers become one entry"},
    {HTTP_POST, INC "/room/close", ROLE_RESPONDER, post_room_close, "incident", .returns = war_room_fields, .form = INC, .nav = "incidents", .summary = "Close the war room"},
    {HTTP_POST, INC "/room/join", ROLE_RESPONDER, post_room_join, "incident", room_join_fields, war_room_fields, INC, .nav = "incidents", .summary = "Ask to be let into the war room"},
    {HTTP_POST, INC "/room/people/{user}", ROLE_RESPONDER, post_room_person, "incident", room_admission_fields, war_room_fields, INC, .nav = "incidents", .summary = "Let somebody into the war room, refuse them, send them away, or leave"},
    {HTTP_POST, INC "/runbooks", ROLE_RESPONDER, post_incident_runbooks, "incident", incident_runbook_fields, runbook_fields, INC, .nav = "incidents", .summary = "Follow a runbook: its steps become tasks, its escalation a threshold; a built-in playbook by its name"},
    {HTTP_POST, INC "/runbooks/{runbook}/remove", ROLE_RESPONDER, post_incident_runbook_remove, "incident", .returns = runbook_fields, .form = INC, .nav = "incidents", .summary = "Put a runbook away: what is open of it is skipped"},
    {HTTP_GET, INC "/scribe", ROLE_RESPONDER, get_incident_scribe, "scribe", .flags = WEB_LIVE, .nav = "incidents", .summary = "One box to write the timeline with, and the latest entries"},
    {HTTP_POST, INC "/scribe", ROLE_RESPONDER, post_incident_scribe, "scribe", scribe_input_fields, .form = INC "/scribe", .nav = "incidents", .summary = "Write a line; ! begins a decision, > an action, ? a question"},
    {HTTP_POST, INC "/services", ROLE_RESPONDER, post_incident_services, "incident", incident_service_fields, incident_fields, INC, .nav = "incidents", .summary = "Name an affected service"},
    {HTTP_DELETE, INC "/services/{service}", ROLE_RESPONDER, delete_incident_service, "incident", .returns = incident_fields, .form = INC, .nav = "incidents", .summary = "A service is not affected"},
    {HTTP_POST, INC "/severity", ROLE_RESPONDER, post_incident_severity, "incident", incident_severity_fields, incident_fields, INC, .nav = "incidents", .summary = "Change the severity, with the reason"},
    {HTTP_POST, INC "/status", ROLE_RESPONDER, post_incident_status, "incident", incident_status_fields, incident_fields, INC, .nav = "incidents", .summary = "Change the status"},
    {HTTP_POST, INC "/tasks/{task}", ROLE_RESPONDER, post_incident_task, "incident", task_change_fields, task_fields, INC, .nav = "incidents", .summary = "Tick a task of a checklist off, skip it, or say that it failed"},
    {HTTP_POST, INC "/thresholds", ROLE_RESPONDER, post_incident_thresholds, "incident", threshold_fields, threshold_fields, INC, .nav = "incidents", .summary = "Decide beforehand when to stop, and what to do then"},
    {HTTP_POST, INC "/thresholds/{threshold}", ROLE_RESPONDER, post_incident_threshold, "incident", threshold_end_fields, threshold_fields, INC, .nav = "incidents", .summary = "A threshold was reached, or does not matter any more"},
    {HTTP_GET, INC "/timeline", ROLE_VIEWER, get_incident_timeline, "incident_timeline", .flags = WEB_LIVE, .nav = "incidents", .summary = "The whole timeline, in the order it was written"},
    {HTTP_GET, INC "/updates", ROLE_VIEWER, get_incident_updates, "updates", .returns = update_fields, .flags = WEB_LIST, .nav = "incidents", .summary = "What each audience was told, what it waits for, and which promises were kept"},
    {HTTP_POST, INC "/updates", ROLE_RESPONDER, post_incident_updates, "update", update_input_fields, update_fields, INC "/updates/new", .nav = "incidents", .summary = "Write the next update for an audience; publish it at once with `publish`"},
    {HTTP_GET, INC "/updates/new", ROLE_RESPONDER, get_incident_update_new, "update_new", .flags = WEB_PAGE, .nav = "incidents", .summary = "Form to write an update; audience= says for whom"},
    {HTTP_GET, INC "/updates/{update}", ROLE_VIEWER, get_incident_update, "update", .returns = update_fields, .nav = "incidents", .summary = "One update by id, or by audience and number as in users-3, with who received it"},
    {HTTP_POST, INC "/updates/{update}/approve", ROLE_RESPONDER, post_incident_update_approve, "update", update_act_fields, update_fields, INC "/updates/{update}", .nav = "incidents", .summary = "Approve the text for an external audience: commander or communications lead"},
    {HTTP_POST, INC "/updates/{update}/publish", ROLE_RESPONDER, post_incident_update_publish, "update", update_act_fields, update_fields, INC "/updates/{update}", .nav = "incidents", .summary = "Send it to the audience; external ones leave after ten seconds"},
    {HTTP_POST, INC "/updates/{update}/retract", ROLE_RESPONDER, post_incident_update_retract, "update", update_act_fields, update_fields, INC "/updates/{update}", .nav = "incidents", .summary = "Throw a draft away, or take back what is published as far as it has not left"},
    {HTTP_GET, "/insights", ROLE_VIEWER, get_insights, "insights", .nav = "insights", .summary = "MTTD, MTTA and MTTR by severity and month"},

    {HTTP_GET, "/me", ROLE_VIEWER, get_me, .returns = user_fields, .summary = "Whom the token or the session belongs to"},

    {HTTP_GET, "/metrics", ROLE_ANYONE, get_metrics, .flags = WEB_RAW, .produces = "text/plain", .summary = "Figures for Prometheus; from this machine, or with an API token"},

    {HTTP_GET, "/oncall", ROLE_VIEWER, get_oncall, "oncall", .flags = WEB_LIVE, .nav = "oncall", .summary = "Who would be paged now, and which services page nobody"},

    {HTTP_GET, "/openapi.json", ROLE_ANYONE, get_openapi, .summary = "This description of the API"},

    {HTTP_GET, "/packs", ROLE_VIEWER, get_packs, "packs", .returns = pack_version_fields, .flags = WEB_LIST, .nav = "admin", .summary = "Policy packs: those built in and the newest version of each other"},
    {HTTP_POST, "/packs", ROLE_ADMIN, post_packs, "pack", pack_fork_fields, pack_version_fields, "/packs", .nav = "admin", .summary = "Copy a policy pack under a new id, to edit it"},
    {HTTP_GET, "/packs/compare", ROLE_VIEWER, get_packs_compare, "pack_compare", .nav = "admin", .summary = "What differs between two packs or versions: a= and b= are ID or ID@VERSION, the one in use if left out"},
    {HTTP_GET, PACK, ROLE_VIEWER, get_pack, "pack", .returns = pack_version_fields, .nav = "admin", .summary = "One policy pack, whole; version= for an older one"},
    {HTTP_POST, PACK, ROLE_ADMIN, post_pack, "pack", pack_edit_fields, pack_version_fields, PACK "/edit", .nav = "admin", .summary = "Save a new version of a pack; errors name line and key"},
    {HTTP_POST, PACK "/activate", ROLE_ADMIN, post_pack_activate, "pack", pack_activate_fields, pack_version_fields, PACK, .nav = "admin", .summary = "Put a pack into use; open incidents move to its severities"},
    {HTTP_GET, PACK "/edit", ROLE_ADMIN, get_pack_edit, "pack_edit", .flags = WEB_PAGE, .nav = "admin", .summary = "Form to edit a pack"},
    {HTTP_GET, PACK "/yaml", ROLE_VIEWER, get_pack_yaml, .flags = WEB_RAW, .produces = "text/yaml", .nav = "admin", .summary = "The pack as YAML; version= for an older one"},

    {HTTP_GET, "/people", ROLE_VIEWER, get_people, "people", .returns = user_fields, .flags = WEB_LIST, .nav = "oncall", .summary = "Everybody, and how they can be reached"},
    {HTTP_POST, "/people", ROLE_ADMIN, post_people, "person", user_input_fields, user_fields, "/people", prepare_people, .nav = "oncall", .summary = "Make an account"},
    {HTTP_GET, PERSON, ROLE_VIEWER, get_person, "person", .returns = user_fields, .nav = "oncall", .summary = "One person with their contacts"},
    {HTTP_POST, PERSON, ROLE_VIEWER, post_person, "person", user_input_fields, user_fields, PERSON, .flags = WEB_PARTIAL, .nav = "oncall", .summary = "Change an account: one's own, or as an administrator any"},
    {HTTP_POST, PERSON "/contacts", ROLE_VIEWER, post_person_contacts, "person", contact_fields, contact_fields, PERSON, .nav = "oncall", .summary = "Add a way to be reached"},
    {HTTP_POST, PERSON "/contacts/{contact}/remove", ROLE_VIEWER, post_person_contact_remove, "person", .returns = user_fields, .form = PERSON, .nav = "oncall", .summary = "Take a contact away"},
    {HTTP_POST, PERSON "/contacts/{contact}/test", ROLE_VIEWER, post_person_contact_test, "person", .returns = delivery_fields, .form = PERSON, .nav = "oncall", .summary = "Send a test message there"},
    {HTTP_POST, PERSON "/password", ROLE_VIEWER, post_person_password, "person", person_password_fields, user_fields, PERSON, prepare_person_password, .nav = "oncall", .summary = "Set a password; every session of the person ends"},
    {HTTP_GET, PERSON "/tokens", ROLE_VIEWER, get_person_tokens, .returns = api_token_fields, .flags = WEB_LIST, .nav = "oncall", .summary = "API tokens that act in the person's name"},
    {HTTP_POST, PERSON "/tokens", ROLE_VIEWER, post_person_tokens, "person", person_token_fields, api_token_fields, PERSON, .nav = "oncall", .summary = "Make an API token; it is shown in this answer only"},
    {HTTP_POST, PERSON "/tokens/{token}/remove", ROLE_VIEWER, post_person_token_remove, "person", .returns = user_fields, .form = PERSON, .nav = "oncall", .summary = "Revoke an API token"},

    {HTTP_GET, "/policies", ROLE_VIEWER, get_policies, "policies", .returns = policy_fields, .flags = WEB_LIST, .nav = "oncall", .summary = "Escalation policies and the services that use them"},
    {HTTP_POST, "/policies", ROLE_MANAGER, post_policies, "policy", policy_input_fields, policy_fields, "/policies", .nav = "oncall", .summary = "Make an escalation policy"},
    {HTTP_GET, POLICY, ROLE_VIEWER, get_policy, "policy", .returns = policy_fields, .nav = "oncall", .summary = "One policy, and whom it would page if it rang now"},
    {HTTP_POST, POLICY, ROLE_MANAGER, post_policy, "policy", policy_fields, policy_fields, POLICY, .flags = WEB_PARTIAL, .nav = "oncall", .summary = "Change a policy; escalations that run keep the old one"},
    {HTTP_POST, POLICY "/steps", ROLE_MANAGER, post_policy_steps, "policy", policy_step_fields, policy_fields, POLICY, .nav = "oncall", .summary = "Add a step, or one more target to a step"},
    {HTTP_POST, POLICY "/steps/{position}/remove", ROLE_MANAGER, post_policy_step_remove, "policy", .returns = policy_fields, .form = POLICY, .nav = "oncall", .summary = "Take a step away"},

    {HTTP_GET, "/postmortems/{id}", ROLE_VIEWER, get_postmortem, "postmortem", .returns = postmortem_fields, .nav = "reviews", .summary = "One postmortem"},
    {HTTP_POST, "/postmortems/{id}", ROLE_RESPONDER, post_postmortem, "postmortem", postmortem_edit_fields, postmortem_fields, "/postmortems/{id}/edit", .nav = "reviews", .summary = "Save a postmortem; refused if somebody saved meanwhile"},
    {HTTP_POST, "/postmortems/{id}/actions", ROLE_RESPONDER, post_postmortem_actions, "postmortem", action_item_fields, action_item_fields, "/postmortems/{id}/edit", .nav = "reviews", .summary = "Add an action item"},
    {HTTP_GET, "/postmortems/{id}/edit", ROLE_RESPONDER, get_postmortem_edit, "postmortem_edit", .flags = WEB_PAGE, .nav = "reviews", .summary = "Form to edit a postmortem"},
    {HTTP_GET, "/postmortems/{id}/markdown", ROLE_VIEWER, get_postmortem_markdown, .flags = WEB_RAW, .produces = "text/markdown", .nav = "reviews", .summary = "The whole postmortem as Markdown"},

    {HTTP_GET, "/r/{token}", ROLE_ANYONE, get_respond_link, "respond", .summary = "What a request to come is about"},
    {HTTP_POST, "/r/{token}", ROLE_ANYONE, post_respond_link, "respond", .takes = request_answer_fields, .flags = WEB_NO_CSRF, .summary = "Accept or decline by the link of a message, without signing in"},

    {HTTP_GET, "/readyz", ROLE_ANYONE, get_readyz, .flags = WEB_RAW, .produces = "text/plain", .summary = "200 while the database can be read and written; 503 with the reason otherwise. GET /healthz, 200 while the process lives, is answered before any route"},

    {HTTP_GET, "/reviews", ROLE_VIEWER, get_reviews, "reviews", .nav = "reviews", .summary = "Postmortems due, in work and complete; open action items"},

    {HTTP_GET, "/routes", ROLE_VIEWER, get_routes, .returns = route_fields, .flags = WEB_LIST, .nav = "services", .summary = "Routes in the order they are tried"},
    {HTTP_POST, "/routes", ROLE_MANAGER, post_routes, .takes = route_fields, .returns = route_fields, .nav = "services", .summary = "Send alerts whose labels match to a service"},
    {HTTP_POST, "/routes/{id}/remove", ROLE_MANAGER, post_route_remove, "service", .returns = service_fields, .nav = "services", .summary = "Take a route away"},

    {HTTP_GET, "/runbooks", ROLE_VIEWER, get_runbooks, "runbooks", .returns = runbook_fields, .flags = WEB_LIST, .nav = "services", .summary = "The library by title, without bodies; q= searches title, alerts, services and owner"},
    {HTTP_POST, "/runbooks", ROLE_RESPONDER, post_runbooks, "runbook", runbook_input_fields, runbook_fields, "/runbooks/new", .nav = "services", .summary = "Add a runbook: a document in Markdown with front matter"},
    {HTTP_GET, "/runbooks/new", ROLE_RESPONDER, get_runbook_new, "runbook_edit", .flags = WEB_PAGE, .nav = "services", .summary = "Form to write a runbook"},
    {HTTP_GET, "/runbooks/{id}", ROLE_VIEWER, get_runbook, "runbook", .returns = runbook_fields, .nav = "services", .summary = "One runbook with the steps read out of it, by id or name; version= shows an older one"},
    {HTTP_POST, "/runbooks/{id}", ROLE_RESPONDER, post_runbook, "runbook", runbook_input_fields, runbook_fields, "/runbooks/{id}/edit", .nav = "services", .summary = "Save a runbook as its next version; refused if somebody saved meanwhile"},
    {HTTP_GET, "/runbooks/{id}/edit", ROLE_RESPONDER, get_runbook_edit, "runbook_edit", .flags = WEB_PAGE, .nav = "services", .summary = "Form to edit a runbook"},
    {HTTP_POST, "/runbooks/{id}/tested", ROLE_RESPONDER, post_runbook_tested, "runbook", .returns = runbook_fields, .form = "/runbooks/{id}", .nav = "services", .summary = "Somebody has followed it today, and it was right"},

    {HTTP_GET, "/services", ROLE_VIEWER, get_services, "services", .returns = service_fields, .flags = WEB_LIST, .nav = "services", .summary = "What can break, and who answers for it"},
    {HTTP_POST, "/services", ROLE_MANAGER, post_services, "service", service_fields, service_fields, "/services", .nav = "services", .summary = "Make a service"},
    {HTTP_GET, SERVICE, ROLE_VIEWER, get_service, "service", .returns = service_fields, .nav = "services", .summary = "One service with its keys, routes and open incidents"},
    {HTTP_POST, SERVICE, ROLE_MANAGER, post_service, "service", service_fields, service_fields, SERVICE, .flags = WEB_PARTIAL, .nav = "services", .summary = "Change a service"},
    {HTTP_POST, SERVICE "/keys", ROLE_MANAGER, post_service_keys, "service", service_key_fields, integration_key_fields, SERVICE, .nav = "services", .summary = "Make an integration key; it is shown in this answer only"},
    {HTTP_POST, SERVICE "/keys/{key}/remove", ROLE_MANAGER, post_service_key_remove, "service", .returns = service_fields, .form = SERVICE, .nav = "services", .summary = "Revoke an integration key"},
    {HTTP_POST, SERVICE "/probes", ROLE_MANAGER, post_service_probes, "service", probe_input_fields, probe_fields, SERVICE, .nav = "services", .summary = "Add a probe, which the verification of incidents asks; it runs at once"},
    {HTTP_POST, SERVICE "/probes/{probe}/remove", ROLE_MANAGER, post_service_probe_remove, "service", .form = SERVICE, .nav = "services", .summary = "Take a probe away"},
    {HTTP_POST, SERVICE "/probes/{probe}/run", ROLE_RESPONDER, post_service_probe_run, "service", .returns = probe_fields, .form = SERVICE, .nav = "services", .summary = "Run a probe now; its outcome is there in a moment"},
    {HTTP_POST, SERVICE "/routes", ROLE_MANAGER, post_service_routes, "service", service_route_fields, route_fields, SERVICE, .nav = "services", .summary = "Send alerts whose labels match to this service"},

    {HTTP_GET, "/setup/{token}", ROLE_ANYONE, get_setup, "setup", .flags = WEB_PAGE, .summary = "Form behind the one-time set-up link"},
    {HTTP_POST, "/setup/{token}", ROLE_ANYONE, post_setup, "setup", setup_fields, NULL, "/setup/{token}", prepare_setup, .summary = "Set name and password of the first administrator; works once"},
    {HTTP_GET, "/signin", ROLE_ANYONE, get_signin, "signin", .flags = WEB_PAGE, .summary = "Form to sign in"},
    {HTTP_POST, "/signin", ROLE_ANYONE, post_signin, "signin", signin_fields, NULL, "/signin", prepare_signin, .flags = WEB_PAGE, .summary = "Sign in; the session is a cookie"},
    {HTTP_POST, "/signout", ROLE_ANYONE, post_signout, .flags = WEB_PAGE, .summary = "End the session"},
    {HTTP_GET, "/status/{page}", STATUS_FILE, .produces = "text/html", .summary = "A status page; /status/ is the default one, and a page with a domain of its own is at / there. Public pages are answered before any route"},
    {HTTP_GET, "/status/{page}/api/v2/{file}", STATUS_FILE, .produces = "application/json", .summary = "summary.json, status.json, components.json, incidents.json or scheduled-maintenances.json, as in the Statuspage API; of the default page also under /api/v2/"},
    {HTTP_GET, "/status/{page}/api/v2/{folder}/{file}", STATUS_FILE, .produces = "application/json", .summary = "incidents/unresolved.json, scheduled-maintenances/upcoming.json or scheduled-maintenances/active.json"},
    {HTTP_GET, "/status/{page}/confirm/{token}", ROLE_ANYONE, get_status_confirm, "status_link", .flags = WEB_PAGE, .summary = "What the link in a mail to a new subscriber is about"},
    {HTTP_POST, "/status/{page}/confirm/{token}", ROLE_ANYONE, post_status_confirm, "status_link", .flags = WEB_NO_CSRF, .summary = "Confirm a subscription"},
    {HTTP_GET, "/status/{page}/history/{month}", STATUS_FILE, .produces = "text/html", .summary = "What began in a month such as 2026-11"},
    {HTTP_GET, "/status/{page}/incidents/{id}", STATUS_FILE, .produces = "text/html", .summary = "One published incident or maintenance with its updates and postmortem"},
    {HTTP_GET, "/status/{page}/subscribe", ROLE_ANYONE, get_status_subscribe, "status_subscribe", .flags = WEB_PAGE, .summary = "Form to subscribe"},
    {HTTP_POST, "/status/{page}/subscribe", ROLE_ANYONE, post_status_subscribe, "status_asked", subscribe_fields, .form = "/status/{page}/subscribe", .prepare = prepare_status_subscribe, .flags = WEB_NO_CSRF, .summary = "Ask for updates by mail or webhook; the address has to be confirmed. The secret of a webhook is in this answer only"},
    {HTTP_GET, "/status/{page}/unsubscribe/{token}", ROLE_ANYONE, get_status_unsubscribe, "status_link", .flags = WEB_PAGE, .summary = "What the link at the end of a mail is about"},
    {HTTP_POST, "/status/{page}/unsubscribe/{token}", ROLE_ANYONE, post_status_unsubscribe, "status_link", .flags = WEB_NO_CSRF, .summary = "Stop updates"},
    {HTTP_GET, "/status/{page}/{file}", STATUS_FILE, .produces = "text/plain", .summary = "history.atom, history.rss or maintenance.ics"},
    {HTTP_GET, "/stream", ROLE_VIEWER, get_stream, .flags = WEB_RAW, .produces = "text/event-stream", .summary = "Events as they happen; after= or Last-Event-ID resumes"},

    {HTTP_GET, "/webhooks", ROLE_VIEWER, get_webhooks, "webhooks", .returns = endpoint_fields, .flags = WEB_LIST, .nav = "oncall", .summary = "Webhooks that policies may page"},
    {HTTP_POST, "/webhooks", ROLE_MANAGER, post_webhooks, "webhooks", endpoint_fields, endpoint_fields, "/webhooks", .nav = "oncall", .summary = "Make a webhook; its signing secret is shown in this answer only"},
    {HTTP_POST, "/webhooks/{id}/remove", ROLE_MANAGER, post_webhook_remove, "webhooks", .form = "/webhooks", .nav = "oncall", .summary = "Take a webhook away"},
    {HTTP_POST, "/webhooks/{id}/test", ROLE_MANAGER, post_webhook_test, "webhooks", .returns = delivery_fields, .form = "/webhooks", .nav = "oncall", .summary = "Send a test request there"},
    {0},
};

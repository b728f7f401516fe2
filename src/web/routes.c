/* The whole API on one screen: what can be asked, by whom, what it takes and what it gives.
 * Ordered by address; a literal segment stands before {…}. */
#include "web/incident.h"
#include "web/insight.h"
#include "web/postmortem.h"
#include "web/web.h"

#include "domain/incident.h"
#include "domain/policy.h"
#include "domain/postmortem.h"
#include "domain/service.h"

#define INC "/incidents/{id}"

const struct web_route web_routes[] = {
    {HTTP_GET, "/a/{token}", ROLE_ANYONE, get_ack_link, "ack", .summary = "What an acknowledge link is about"},
    {HTTP_POST, "/a/{token}", ROLE_ANYONE, post_ack_link, "ack", .flags = WEB_NO_CSRF, .summary = "Acknowledge by the link of a message, without signing in"},

    {HTTP_GET, "/incidents", ROLE_VIEWER, get_incidents, "incidents", .flags = WEB_LIVE, .nav = "incidents", .summary = "What is open, what needs you, what was resolved lately"},
    {HTTP_POST, "/incidents", ROLE_RESPONDER, post_incidents, "incident", incident_declare_fields, incident_fields, "/incidents/new", .nav = "incidents", .summary = "Declare an incident"},
    {HTTP_GET, "/incidents/new", ROLE_RESPONDER, get_incident_new, "incident_new", .flags = WEB_PAGE, .nav = "incidents", .summary = "Form to declare an incident"},
    {HTTP_GET, INC, ROLE_VIEWER, get_incident, "incident", .returns = incident_fields, .flags = WEB_LIVE, .nav = "incidents", .summary = "One incident with its timeline"},
    {HTTP_POST, INC "/acknowledge", ROLE_RESPONDER, post_incident_acknowledge, "incident", incident_ack_fields, incident_fields, INC, .nav = "incidents", .summary = "Acknowledge: the escalation stops"},
    {HTTP_POST, INC "/escalate", ROLE_RESPONDER, post_incident_pass, "incident", incident_ack_fields, incident_fields, INC, .nav = "incidents", .summary = "Pass to the next step of the escalation now"},
    {HTTP_POST, INC "/impact", ROLE_RESPONDER, post_incident_impact, "incident", incident_edit_fields, incident_fields, INC, .flags = WEB_PARTIAL, .nav = "incidents", .summary = "Write down impact, cause, what is being done"},
    {HTTP_POST, INC "/notes", ROLE_RESPONDER, post_incident_notes, "incident", incident_note_fields, incident_fields, INC, .nav = "incidents", .summary = "Add to the timeline, also about earlier, also as a correction"},
    {HTTP_POST, INC "/pages", ROLE_RESPONDER, post_incident_pages, "incident", incident_page_fields, incident_fields, INC, .nav = "incidents", .summary = "Page one person now"},
    {HTTP_POST, INC "/postmortem", ROLE_RESPONDER, post_incident_postmortem, "postmortem", .returns = postmortem_fields, .form = INC, .nav = "incidents", .summary = "Draft the postmortem from the timeline, or return the one there is"},
    {HTTP_POST, INC "/reopen", ROLE_RESPONDER, post_incident_reopen, "incident", incident_version_fields, incident_fields, INC, .nav = "incidents", .summary = "It was not over after all"},
    {HTTP_POST, INC "/resolve", ROLE_RESPONDER, post_incident_resolve, "incident", incident_resolve_fields, incident_fields, INC, .nav = "incidents", .summary = "Resolve: everyone paged is told, a postmortem may become due"},
    {HTTP_POST, INC "/roles", ROLE_RESPONDER, post_incident_roles, "incident", incident_role_fields, incident_fields, INC, .nav = "incidents", .summary = "Give a role to somebody, or take it away"},
    {HTTP_POST, INC "/services", ROLE_RESPONDER, post_incident_services, "incident", incident_service_fields, incident_fields, INC, .nav = "incidents", .summary = "Name an affected service"},
    {HTTP_DELETE, INC "/services/{service}", ROLE_RESPONDER, delete_incident_service, "incident", .returns = incident_fields, .form = INC, .nav = "incidents", .summary = "A service is not affected"},
    {HTTP_POST, INC "/severity", ROLE_RESPONDER, post_incident_severity, "incident", incident_severity_fields, incident_fields, INC, .nav = "incidents", .summary = "Change the severity, with the reason"},
    {HTTP_POST, INC "/status", ROLE_RESPONDER, post_incident_status, "incident", incident_status_fields, incident_fields, INC, .nav = "incidents", .summary = "Change the status"},
    {HTTP_GET, INC "/timeline", ROLE_VIEWER, get_incident_timeline, "incident_timeline", .flags = WEB_LIVE, .nav = "incidents", .summary = "The whole timeline, in the order it was written"},
    {HTTP_POST, "/action-items/{id}", ROLE_RESPONDER, post_action_item, "postmortem", action_item_fields, action_item_fields, "/reviews", .flags = WEB_PARTIAL, .nav = "reviews", .summary = "Change an action item"},
    {HTTP_GET, "/insights", ROLE_VIEWER, get_insights, "insights", .nav = "insights", .summary = "MTTD, MTTA and MTTR by severity and month"},
    {HTTP_GET, "/postmortems/{id}", ROLE_VIEWER, get_postmortem, "postmortem", .returns = postmortem_fields, .nav = "reviews", .summary = "One postmortem"},
    {HTTP_POST, "/postmortems/{id}", ROLE_RESPONDER, post_postmortem, "postmortem", postmortem_edit_fields, postmortem_fields, "/postmortems/{id}/edit", .nav = "reviews", .summary = "Save a postmortem; refused if somebody saved meanwhile"},
    {HTTP_POST, "/postmortems/{id}/actions", ROLE_RESPONDER, post_postmortem_actions, "postmortem", action_item_fields, action_item_fields, "/postmortems/{id}/edit", .nav = "reviews", .summary = "Add an action item"},
    {HTTP_GET, "/postmortems/{id}/edit", ROLE_RESPONDER, get_postmortem_edit, "postmortem_edit", .flags = WEB_PAGE, .nav = "reviews", .summary = "Form to edit a postmortem"},
    {HTTP_GET, "/postmortems/{id}/markdown", ROLE_VIEWER, get_postmortem_markdown, .flags = WEB_RAW, .produces = "text/markdown", .nav = "reviews", .summary = "The whole postmortem as Markdown"},
    {HTTP_GET, "/reviews", ROLE_VIEWER, get_reviews, "reviews", .nav = "reviews", .summary = "Postmortems due, in work and complete; open action items"},
    {0},
};

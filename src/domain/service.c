#include "domain/service.h"

const struct field service_fields[] = {
    FIELD(struct service, id, .flags = FIELD_READONLY, .doc = "Service id, `svc_…`"),
    FIELD(struct service, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "Name people use", .example = "checkout"),
    FIELD(struct service, description, .flags = FIELD_MULTILINE, .max = 2000, .doc = "What it does and who depends on it"),
    FIELD(struct service, policy_id, .flags = FIELD_NULLABLE, .doc = "Escalation policy that answers for it; without one nobody is paged"),
    FIELD(struct service, group_by, .max = 500, .doc = "Labels whose equal values put alerts into one incident, comma-separated; `...` = each alert on its own", .example = "alertname,cluster"),
    FIELD(struct service, group_wait, .flags = FIELD_DURATION, .min = 0, .max = HOUR_US, .doc = "How long a new incident gathers alerts before it pages", .example = "30s"),
    FIELD(struct service, default_severity, .flags = FIELD_NULLABLE, .max = 16, .doc = "Severity of incidents from alerts that carry none"),
    FIELD(struct service, created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    FIELD(struct service, updated_at, .flags = FIELD_READONLY, .doc = "When it last changed"),
    FIELD(struct service, version, .flags = FIELD_READONLY, .doc = "Rises with every change"),
    {0},
};

const struct field integration_key_fields[] = {
    FIELD(struct integration_key, id, .flags = FIELD_READONLY, .doc = "Key id, `key_…`"),
    FIELD(struct integration_key, service_id, .flags = FIELD_READONLY, .doc = "Service whose alerts come with it"),
    FIELD(struct integration_key, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "Which sender uses it", .example = "prometheus-eu"),
    FIELD(struct integration_key, hint, .flags = FIELD_READONLY, .doc = "Its last characters"),
    FIELD(struct integration_key, hash, .flags = FIELD_READONLY | FIELD_SECRET),
    FIELD(struct integration_key, created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    {0},
};

bool integration_key_valid(struct str key)
{
    if (key.len < INTEGRATION_KEY_MIN || key.len > INTEGRATION_KEY_MAX)
        return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                c == '_' || c == '.' || c == '~'))
            return false;
    }
    return true;
}

const struct field route_fields[] = {
    FIELD(struct route, id, .flags = FIELD_READONLY, .doc = "Route id, `rte_…`"),
    FIELD(struct route, position, .min = 0, .max = 100000, .doc = "Lower is tried first; the first match wins", .example = "10"),
    FIELD(struct route, matchers, .flags = FIELD_REQUIRED, .max = 2000, .doc = "Label matchers, all of which must hold", .example = "team=\"payments\", severity=~\"critical|page\""),
    FIELD(struct route, service_id, .flags = FIELD_REQUIRED, .doc = "Service the alert goes to"),
    FIELD(struct route, severity, .flags = FIELD_NULLABLE, .max = 16, .doc = "Severity of the incident, whatever the label says"),
    FIELD(struct route, created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    {0},
};

const struct field endpoint_fields[] = {
    FIELD(struct endpoint, id, .flags = FIELD_READONLY, .doc = "Webhook id, `whk_…`"),
    FIELD(struct endpoint, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "Name in policies", .example = "chat bridge"),
    FIELD(struct endpoint, url, .flags = FIELD_REQUIRED, .max = 2000, .doc = "Where the signed request goes", .example = "https://hooks.example.org/tocsin"),
    FIELD(struct endpoint, secret, .flags = FIELD_READONLY | FIELD_SECRET),
    FIELD(struct endpoint, created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    {0},
};

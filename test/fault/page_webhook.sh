#!/bin/bash
# Makes alerts page a webhook at once: page_webhook.sh BASE TOKEN HOOK [MATCHER]
# Without a matcher the default service pages; with one, alerts that match are routed to a service
# of their own, which pages. One notification an alert (group_by "...", group_wait 0).
set -euo pipefail
base=$1 token=$2 hook=$3 matcher=${4:-}

call() { # METHOD PATH JSON
    curl -sS --fail-with-body --max-time 10 -X "$1" "$base$2" -H 'Accept: application/json' \
        -H 'Content-Type: application/json' -H "Authorization: Bearer $token" ${3:+-d "$3"}
}

id() { # the first "id" of an answer
    grep -o '"id" *: *"[^"]*"' | head -n 1 | cut -d'"' -f4
}

endpoint=$(call POST /webhooks "{\"name\":\"receiver\",\"url\":\"$hook\"}" | id)
policy=$(call POST /policies "{\"name\":\"call the receiver\",\"repeat\":0,\"steps\":
    [{\"delay\":\"0s\",\"targets\":[{\"kind\":\"webhook\",\"id\":\"$endpoint\"}]}]}" | id)
pages="\"policy_id\":\"$policy\",\"group_by\":\"...\",\"group_wait\":\"0s\""
if [ -z "$matcher" ]; then
    service=$(call GET /services | id)
    call POST "/services/$service" "{$pages}" >/dev/null
else
    service=$(call POST /services "{\"name\":\"what pages\",$pages}" | id)
    matcher=${matcher//\"/\\\"}
    call POST /routes "{\"matchers\":\"$matcher\",\"service_id\":\"$service\"}" >/dev/null
fi

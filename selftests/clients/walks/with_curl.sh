#!/bin/bash
# curl, as the examples of Procore's documentation call it.
set -u
login=${PROCORE_LOGIN_URL:-https://login-sandbox.procore.com}
api=${PROCORE_API_URL:-https://sandbox.procore.com}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
access="" refresh="" code="" count="" why=""

ask() { # leaves body and headers; what curl says of a failure is the reason
    curl --silent --show-error --fail-with-body --max-time 20 --dump-header "$work/headers" --output "$work/body" "$@" \
        2>"$work/said" && return
    why=$(head -n 1 "$work/said")
    return 1
}
get() { ask --header "Authorization: Bearer $access" --header "Procore-Company-Id: $PROCORE_COMPANY_ID" "$@"; }
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$work/body"; }
header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: *//Ip" | tail -n 1; }
items() { grep -o "\"$1\":" "$work/body" | wc -l; } # a key that each item has once
say() { printf '{"step": "%s", "ok": %s, "why": "%s", "count": %s}\n' "$1" "$2" "${3//\"/\\\"}" "${4:-null}"; }
step() { # step NAME FUNCTION
    count="" why=""
    if "$2"; then say "$1" true "" "$count"; else say "$1" false "${why:-wrong answer}"; fi
}
needs() { # needs NAME VALUE
    [ -n "$2" ] && return
    why="not reached: no $1"
    return 1
}

authorize() {
    ask --get "$login/oauth/authorize" --data response_type=code --data state=a-state \
        --data-urlencode "client_id=$PROCORE_CLIENT_ID" --data-urlencode "redirect_uri=$PROCORE_REDIRECT_URI" || return
    local there
    there=$(header location)
    [[ $there == "$PROCORE_REDIRECT_URI"* && $there == *state=a-state* ]] || return
    code=$(sed -n 's/.*[?&]code=\([^&]*\).*/\1/p' <<<"$there")
    [ -n "$code" ]
}
token() {
    ask "$login/oauth/token" --data-urlencode "client_id=$PROCORE_CLIENT_ID" \
        --data-urlencode "client_secret=$PROCORE_CLIENT_SECRET" "$@"
}
exchange() {
    needs code "$code" || return
    token --data grant_type=authorization_code --data "code=$code" \
        --data-urlencode "redirect_uri=$PROCORE_REDIRECT_URI" || return
    access=$(field access_token) refresh=$(field refresh_token)
    [ -n "$access" ] && [ -n "$refresh" ]
}
pages() { # pages URL KEY: follows the Link header
    needs token "$access" || return
    local url=$1
    count=0
    : >"$work/all"
    while [ -n "$url" ]; do
        get "$url" || return
        cat "$work/body" >>"$work/all"
        count=$((count + $(items "$2")))
        url=$(header link | grep -o '<[^>]*>; *rel="next"' | sed 's/^<\([^>]*\)>.*/\1/')
    done
}
companies() { pages "$api/rest/v1.0/companies" is_active && grep -q "\"id\": *$PROCORE_COMPANY_ID\b" "$work/all"; }
projects() { pages "$api/rest/v1.1/projects?company_id=$PROCORE_COMPANY_ID&per_page=100" display_name; }
me() { needs token "$access" && get "$api/rest/v1.0/me" && [ -n "$(field login)" ]; }
renew() {
    needs token "$refresh" || return
    local old=$access
    token --data grant_type=refresh_token --data "refresh_token=$refresh" || return
    access=$(field access_token)
    [ "$access" != "$old" ] && me
}
service_account() { token --data grant_type=client_credentials && [ -n "$(field access_token)" ]; }
basic() {
    ask --user "$PROCORE_CLIENT_ID:$PROCORE_CLIENT_SECRET" --data grant_type=client_credentials "$login/oauth/token" &&
        [ -n "$(field access_token)" ]
}
revoke() {
    needs token "$access" || return
    ask "$login/oauth/revoke" --data "token=$access" --data-urlencode "client_id=$PROCORE_CLIENT_ID" \
        --data-urlencode "client_secret=$PROCORE_CLIENT_SECRET" || return
    ! get "$api/rest/v1.0/me" && [[ $why == *401* ]]
}

printf '{"client": "curl", "version": "%s"}\n' "$(curl --version | sed -n '1s/^curl \([0-9.]*\).*/\1/p')"
step authorize authorize
step exchange exchange
step companies companies
step projects projects
step me me
step refresh renew
step "client credentials" service_account
step "HTTP Basic" basic
step revoke revoke

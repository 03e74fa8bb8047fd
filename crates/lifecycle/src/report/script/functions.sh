#!/bin/sh
# Repeats an upgrade of CDAP applications. It needs curl and the usual tools of a POSIX system.
#
#   sh this-script --dry-run   prints the steps and sends nothing
#   sh this-script             does the steps
#
# Variables: CDAP_TOKEN (token of the server), CDAP_URL (another server), POLL (seconds between readings, 5).
#
# It pauses schedules, stops runs by their ID, waits until they have ended, backs up, upgrades, starts the runs
# again with their arguments, and resumes the schedules. It stops at the first failure, with the server's message
# and status 1, and restores nothing then: remove the cause and run it again.
#
# It can be run again at any time. Every step reads the server first: already paused, already stopped, already on
# the target version, already started and already resumed are successes. A folder next to it holds the backup and
# records what it did; keep the folder until the script ends with "Done".
# - An application that is on its target version without a record is left as it is: nothing of it is paused,
#   stopped, started or resumed.
# - A run is stopped only if it is listed here, so never one that was started later.
# - A run is started once: not if a record says so, another run of its program is active, or one began after it.
# - A schedule is resumed only if this script paused it.
# - An upgrade is sent again only if the application is not on its target version.
#
# Not in it: applications that were not upgraded or were rolled back, drains before a redeployment, and the logs,
# which tell what a stopped real-time run left unprocessed.
set -eu
umask 077
LC_ALL=C
export LC_ALL

dry='' reached='' left=''
case ${1-} in
  '') ;;
  --dry-run) dry=1 ;;
  *) echo "usage: $0 [--dry-run]" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*"; }
fail() { say "Failed: $*" >&2; exit 1; }
refused() { fail "$1: the server answered $code: $(tr -d '\000-\010\013-\037' < "${2:-$answer}")"; }

# Prints a step and its request; succeeds in a dry run.
plan() { [ -n "$dry" ] && say "$1" && say "  $2"; }

has() { grep -qx -e "$1" "$record"; }
mark() { say "$1" >> "$record"; }
# The last thing that this script did to a schedule.
last() { grep -x -e "paused $1" -e "resumed $1" -e "off $1" "$record" | tail -n 1; }
among() { case " $1 " in *" $2 "*) ;; *) return 1 ;; esac; }
ended() { case $1 in COMPLETED | FAILED | KILLED | REJECTED) ;; *) return 1 ;; esac; }

authorization() {
  [ -z "${CDAP_TOKEN-}" ] || printf 'header = "Authorization: Bearer %s"\n' "$CDAP_TOKEN"
}

# send METHOD PATH [OPTION ...]: $code is the status, or 000 without a response; the body is in $answer.
send() {
  method=$1 target=$2
  shift 2
  : > "$answer"
  code=$(authorization | curl --config - --silent --show-error --globoff --connect-timeout 30 \
    --request "$method" --output "$answer" --write-out '%{http_code}' "$@" "$server$target") || code=000
}
call() {
  send "$@"
  [ "$code" != 000 ] || fail "no response to $method $target"
}
get() {
  call GET "$2"
  [ "$code" = 200 ] || refused "$1"
}
body() {
  printf '%s' "$1" > "$work/request"
}

# Prints each value of the JSON in $answer as its path, a tab and the value. Strings stay escaped.
values() {
  awk '
    function path(  text, i) { for (i = 1; i <= depth; i++) text = text "." name[i]; return text }
    function word() { if (literal != "") print path() "\t" literal "\n"; literal = "" }
    function structure(text,  i, c) {
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "{" || c == "[") { depth++; kind[depth] = c; name[depth] = c == "[" ? 0 : ""; key = c == "{" }
        else if (c == "}" || c == "]") { word(); depth--; key = 0 }
        else if (c == ",") { word(); if (kind[depth] == "[") name[depth]++; else key = 1 }
        else if (c == ":") key = 0
        else if (c !~ /[ \t\r\n]/) literal = literal c
      }
    }
    function piece(text) { if (key) name[depth] = name[depth] text; else print text }
    BEGIN { RS = "\""; ORS = "" }
    !inside { structure($0); inside = 1; if (key) name[depth] = ""; else opening = path() "\t"; next }
    {
      print opening; opening = ""
      for (n = 0; substr($0, length($0) - n, 1) == "\\"; n++);
      if (n % 2) { piece($0 "\""); next }
      piece($0); inside = 0
      if (!key) print "\n"
    }
  ' < "$answer"
}
# value PATH: prints one value.
value() { values | sed -n "s/^$1	//p"; }
# Prints ID, state and start of each run in $answer.
runs() {
  values | awk -F '\t' '
    { n = split($1, at, "."); if (n == 3) { value[at[2], at[3]] = $2; last = at[2] } }
    END { for (i = 0; i <= last; i++) print value[i, "runid"], value[i, "status"], value[i, "starting"] }
  ' | tr -cd 'A-Za-z0-9_ \n-'
}

# app APPLICATION NAME PATH TARGET
artifact() {
  get "$1" "$2"
  found="$(value .artifact.version) $(value .artifact.scope | tr '[:lower:]' '[:upper:]')"
}
app() {
  if plan "$2: skip it if it is on $4 already" "GET $3"; then return; fi
  artifact "$2" "$3"
  if [ "$found" != "$4" ]; then
    mark "begun $1"
    say "$2: is on $found, target $4"
    return
  fi
  reached="$reached $1"
  if has "begun $1"; then
    say "$2: already on $4, continued"
  else
    left="$left $1"
    say "$2: already on $4, left as it is with its schedules and runs"
  fi
}

# pause SCHEDULE APPLICATION NAME PATH
pause() {
  if plan "Schedule $3: pause" "POST $4/disable"; then return; fi
  if among "$reached" "$2"; then say "Schedule $3: not paused, its application is upgraded"; return; fi
  get "Schedule $3" "$4/status"
  case $(value .status) in
    SUSPENDED)
      if [ "$(last "$1")" = "paused $1" ]; then say "Schedule $3: already paused by this script"
      else say "Schedule $3: already off, stays off"; fi
      return ;;
    NOT_FOUND) say "Schedule $3: does not exist"; return ;;
  esac
  # Recorded first, so that an interruption cannot lose it.
  mark "paused $1"
  call POST "$4/disable"
  case $code in
    200) say "Schedule $3: paused" ;;
    409) mark "off $1"; say "Schedule $3: already off, stays off" ;;
    *) refused "Schedule $3" ;;
  esac
}

# stop APPLICATION NAME PATH REQUEST
stop() {
  if plan "Run $2: stop" "POST $4"; then return; fi
  if among "$reached" "$1"; then say "Run $2: not stopped, its application is upgraded"; return; fi
  get "Run $2" "$3"
  state=$(value .status)
  if ended "$state"; then say "Run $2: already ended ($state)"; return; fi
  if [ "$state" = STOPPING ]; then say "Run $2: already stopping"; return; fi
  call POST "$4"
  if [ "$code" = 200 ]; then say "Run $2: stop requested"; return; fi
  cp "$answer" "$work/refusal"
  refusal=$code
  get "Run $2" "$3"
  state=$(value .status)
  if ended "$state" || [ "$state" = STOPPING ]; then say "Run $2: already stopped ($state)"; return; fi
  code=$refusal
  refused "Run $2" "$work/refusal"
}

# wait_for APPLICATION NAME PATH
wait_for() {
  if plan "Run $2: wait until it has ended" "GET $3"; then return; fi
  if among "$reached" "$1"; then return; fi
  get "Run $2" "$3"
  state=$(value .status)
  if ! ended "$state"; then say "Run $2: $state, waiting for its end"; fi
  until ended "$state"; do
    sleep "$poll"
    get "Run $2" "$3"
    state=$(value .status)
  done
  say "Run $2: ended ($state)"
}

# back_up PATH
back_up() {
  if plan "Back up all applications to $work/export.zip" "GET $1"; then return; fi
  if [ -s "$work/export.zip" ]; then say "Backup: already in $work/export.zip"; return; fi
  call GET "$1" --dump-header "$work/headers"
  [ "$code" = 200 ] || refused "Backup"
  if grep -qi '^digest:' "$work/headers" && command -v openssl > /dev/null; then
    digest=$(openssl dgst -sha256 -binary "$answer" | openssl base64)
    grep -qF -e "$digest" "$work/headers" || fail "Backup: the archive does not have the digest that the server sent"
  fi
  mv "$answer" "$work/export.zip"
  say "Backup: saved to $work/export.zip"
}

# idle APPLICATION NAME PATH: no run of this program may be active.
idle() {
  if plan "$2: check that no run is active" "GET $3"; then return; fi
  if among "$reached" "$1"; then return; fi
  get "$2" "$3"
  runs > "$work/runs"
  while read -r run state rest; do
    if [ -n "$run" ] && ! ended "$state"; then
      fail "$2: run $run is active and not listed in this script; stop it first"
    fi
  done < "$work/runs"
}

# upgrade APPLICATION NAME PATH TARGET METHOD REQUEST [ARTIFACT]: with an artifact, redeploys the configuration.
upgrade() {
  app=$1 name=$2 path=$3 to=$4 verb=$5 request=$6 with=${7-}
  if plan "$name: upgrade to $to" "$verb $request"; then return; fi
  artifact "$name" "$path"
  if [ "$found" = "$to" ]; then say "$name: already on $to"; return; fi
  cp "$answer" "$work/application-$app.json"
  set --
  if [ -n "$with" ]; then
    slash=$(printf '\001')
    config=$(value .configuration | sed -e "s/\\\\\\\\/$slash/g" -e 's/\\"/"/g' -e 's/\\[nrt]/ /g' -e 's|\\/|/|g' \
      -e "s/$slash/\\\\/g")
    [ -n "$config" ] || fail "$name: its configuration can't be read"
    body "{\"artifact\":$with,\"config\":$config,\"app.deploy.update.schedules\":false}"
    set -- --header 'Content-Type: application/json' --data-binary "@$work/request"
  fi
  send "$verb" "$request" "$@"
  cp "$answer" "$work/refusal"
  sent=$code
  # A server continues an upgrade whose connection is lost.
  if [ "$sent" = 000 ]; then tries=12; else tries=3; fi
  artifact "$name" "$path"
  while [ "$found" != "$to" ]; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      [ "$sent" != 000 ] || fail "$name: no response to $verb $request, and it is on $found"
      code=$sent
      refused "$name: is on $found, not on $to" "$work/refusal"
    fi
    sleep "$poll"
    artifact "$name" "$path"
  done
  say "$name: upgraded, verified on $to"
}

# start START APPLICATION NAME RUN RUNS REQUEST BODY
start() {
  if plan "Run $3: start again" "POST $6 $7"; then return; fi
  if among "$left" "$2"; then return; fi
  if has "started $1 .*"; then say "Run $3: already started by this script"; return; fi
  get "Run $3" "$4"
  state=$(value .status) end=$(value .end)
  if ! ended "$state"; then say "Run $3: $state, not started again"; return; fi
  # A run that was just started may not be listed yet.
  if has "starting $1"; then sleep "$poll"; fi
  get "Run $3" "$5"
  runs > "$work/runs"
  while read -r run state began; do
    if [ -z "$run" ] || has "started [0-9]* $run"; then continue; fi
    if ended "$state" && [ "${began:-0}" -lt "${end:-0}" ]; then continue; fi
    if has "starting $1"; then
      mark "started $1 $run"
      say "Run $3: already started, as $run"
    else
      say "Run $3: not started, because run $run began after it ($state)"
    fi
    return
  done < "$work/runs"
  mark "starting $1"
  body "$7"
  call POST "$6" --header 'Content-Type: application/json' --data-binary "@$work/request"
  [ "$code" = 200 ] || refused "Run $3"
  code=$(value .0.statusCode)
  [ "$code" = 200 ] || refused "Run $3"
  run=$(value .0.runId | tr -cd 'A-Za-z0-9_-')
  mark "started $1 $run"
  say "Run $3: started again, as $run"
}

# resume SCHEDULE APPLICATION NAME PATH
resume() {
  if plan "Schedule $3: resume, if this script paused it" "POST $4/enable"; then return; fi
  if among "$left" "$2"; then return; fi
  case $(last "$1") in
    paused*) ;;
    resumed*) say "Schedule $3: already resumed by this script"; return ;;
    *) say "Schedule $3: not paused by this script, left as it is"; return ;;
  esac
  call POST "$4/enable"
  case $code in
    200) say "Schedule $3: resumed" ;;
    409) say "Schedule $3: already on" ;;
    *) refused "Schedule $3" ;;
  esac
  mark "resumed $1"
}

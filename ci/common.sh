# Sourced by the scripts in this folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# step "what is done" command...
# Runs the command quietly. After two seconds a line says what is going on, with the command's last line of output; if
# the command fails, all of its output is shown.
step() {
  local what=$1 log pid start=$SECONDS next=2 last
  shift
  log=$(mktemp)
  "$@" >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    if ((SECONDS - start >= next)); then
      last=$(tail -n 1 "$log" | cut -c 1-60)
      if [[ -t 2 ]]; then
        printf '\r\033[K%s ... %d s  %s' "$what" $((SECONDS - start)) "$last" >&2
        next=$((next + 1))
      else
        printf '%s ... %d s  %s\n' "$what" $((SECONDS - start)) "$last" >&2
        next=$((next + 15))
      fi
    fi
  done
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
  if wait "$pid"; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    echo "$what: failed" >&2
    return 1
  fi
}

# src/completion/evx.bash - completion of evx for bash
#
# Where bash-completion is installed, this file is read from its completions folder under the name
# evx; otherwise source it.

_evx_codecs() {
    evx dump --ansi-codec '?' x 2>&1 | sed -n 's/^evx: there are: //p'
}

# Only these get a slash or quotes: a folder may have the name of a command.
_evx_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_evx() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} words='' common='-v --verbose -h --help -V --version --no-sandbox'

    local first='' part

    COMPREPLY=()
    # the equals sign of --option=value is a word of its own
    if [[ $word == '=' ]]; then
        word=''
    elif [[ $before == '=' ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W 'bench carve dump info sessions verify help --help --version' -- "$word")
        return
    fi
    for part in "${COMP_WORDS[@]:2:COMP_CWORD-2}"; do
        if [[ $part == -- ]]; then
            _evx_files "$word"
            return
        fi
    done
    case $command:$before in
    dump:-o | dump:--format | carve:-o | carve:--format) words='xml json jsonl' ;;
    dump:--ansi-codec) words=$(_evx_codecs) ;;
    dump:--style | carve:--style) words='evtx_dump windows' ;;
    dump:--level) words='critical error warning information verbose' ;;
    dump:--exclude) words='event-id provider channel computer time record-id level' ;;
    dump:--events | dump:--since | dump:--until | dump:-t | dump:--threads) return ;;
    dump:--event-id | dump:--record-id | dump:--provider | dump:--channel) return ;;
    dump:--computer) return ;;
    sessions:--since | sessions:--until | sessions:--computer) return ;;
    dump:-f | dump:--output | dump:--ledger | dump:--wevt | carve:--wevt) word=${word#-} ;;
    help:*) words='bench carve dump info sessions verify' ;;
    bench:--rounds) return ;;
    esac
    case $command:$before in
    dump:--level | dump:--exclude)
        if [[ $word == *,* ]]; then
            first=${word%,*},
            word=${word##*,}
        fi
        ;;
    esac
    if [[ -z $words && $word == -* ]]; then
        case $command in
        dump)
            words="-o --format --style -f --output --no-confirm-overwrite --no-indent
                --root --separate-json-attributes --dont-show-record-number --event-id --provider
                --channel --computer --level --record-id --exclude --events --since --until
                --ansi-codec --recover --wevt --validate-checksums --stop-after-one-error --ledger --hash
                -t --threads $common" ;;
        bench) words="--json --rounds $common" ;;
        carve) words="$common -o --format --style --wevt --no-values" ;;
        info) words="--json $common" ;;
        verify) words="--json --hash $common" ;;
        sessions) words="--json --jsonl --events --since --until --computer $common" ;;
        esac
    fi
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -P "$first" -W "$words" -- "$word")
    else
        _evx_files "$word"
    fi
}

complete -F _evx evx

# src/completion/evx.bash - completion of evx for bash
#
# Where bash-completion is installed, this file is read from its completions folder under the name
# evx; otherwise source it.

_evx_codecs() {
    evx dump --ansi-codec '?' x 2>&1 | sed -n 's/^evx: there are: //p'
}

_evx() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} words='' common='-v --verbose -h --help -V --version'

    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W 'dump info sessions help --help --version' -- "$word")
        return
    fi
    case $command:$before in
    dump:-o | dump:--format) words='xml json jsonl' ;;
    dump:--ansi-codec) words=$(_evx_codecs) ;;
    dump:--events | dump:--since | dump:--until | dump:-t | dump:--threads) return ;;
    sessions:--since | sessions:--until | sessions:--computer) return ;;
    dump:-f | dump:--output) word=${word#-} ;;
    help:*) words='dump info sessions' ;;
    esac
    if [[ -z $words && $word == -* ]]; then
        case $command in
        dump)
            words="-o --format -f --output --no-confirm-overwrite --no-indent
                --separate-json-attributes --dont-show-record-number --events --since --until
                --ansi-codec --validate-checksums --stop-after-one-error -t --threads $common" ;;
        info) words="--json $common" ;;
        sessions) words="--json --jsonl --events --since --until --computer $common" ;;
        esac
    fi
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -o filenames -F _evx evx

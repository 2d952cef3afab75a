# src/completion/evx.fish - completion of evx for fish

function __evx_codecs
    evx dump --ansi-codec '?' x 2>&1 | string replace -rf '^evx: there are: ' '' | string split ' '
end

complete -c evx -n __fish_use_subcommand -f -a dump -d 'Write records as XML or JSON'
complete -c evx -n __fish_use_subcommand -f -a info -d 'Say what logs hold and what is wrong'
complete -c evx -n __fish_use_subcommand -f -a sessions -d 'Check Exchange VSS backup sessions'
complete -c evx -n __fish_use_subcommand -f -a help -d 'Say how a command is used'
complete -c evx -n '__fish_seen_subcommand_from help' -f -a 'dump info sessions'

set -l all '__fish_seen_subcommand_from dump info sessions'
complete -c evx -n $all -s v -l verbose -d 'Say more'
complete -c evx -s h -l help -d 'Print a short help'
complete -c evx -s V -l version -d 'Print the version'

set -l dump '__fish_seen_subcommand_from dump'
complete -c evx -n $dump -s o -l format -x -a 'xml json jsonl' -d 'Shape of the records'
complete -c evx -n $dump -s f -l output -r -d 'Write to a file'
complete -c evx -n $dump -l no-confirm-overwrite -d 'Overwrite without asking'
complete -c evx -n $dump -l no-indent -d 'XML: each record on one line'
complete -c evx -n $dump -l separate-json-attributes -d 'JSON: attributes of X in X_attributes'
complete -c evx -n $dump -l dont-show-record-number -d 'No "Record N" lines'
complete -c evx -n $dump -l events -x -d 'Only records of these numbers'
complete -c evx -n $dump -l since -x -d 'Only events from this time on'
complete -c evx -n $dump -l until -x -d 'Only events before this time'
complete -c evx -n $dump -l ansi-codec -x -a '(__evx_codecs)' -d 'Code page of ANSI strings'
complete -c evx -n $dump -l validate-checksums -d 'Leave out chunks whose checksum is wrong'
complete -c evx -n $dump -l stop-after-one-error -d 'Stop at the first damage'
complete -c evx -n $dump -s t -l threads -x -d 'Accepted; one is used'

set -l info '__fish_seen_subcommand_from info'
complete -c evx -n $info -l json -d 'One JSON document'

set -l sessions '__fish_seen_subcommand_from sessions'
complete -c evx -n $sessions -l json -d 'One JSON document'
complete -c evx -n $sessions -l jsonl -d 'One JSON object a line'
complete -c evx -n $sessions -l events -d 'Add the list of events'
complete -c evx -n $sessions -l since -x -d 'Show only sessions from this time on'
complete -c evx -n $sessions -l until -x -d 'Show only sessions before this time'
complete -c evx -n $sessions -l computer -x -d 'Show only this computer'

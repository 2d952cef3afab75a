# src/completion/evx.fish - completion of evx for fish

function __evx_codecs
    evx dump --ansi-codec '?' x 2>&1 | string replace -rf '^evx: there are: ' '' | string split ' '
end

function __evx_levels
    printf '%s\n' critical error warning information verbose
end

function __evx_conditions
    printf '%s\n' event-id provider channel computer time record-id level
end

complete -c evx -n __fish_use_subcommand -f -a bench -d 'Measure how fast logs are read'
complete -c evx -n __fish_use_subcommand -f -a carve -d 'Find records in any bytes'
complete -c evx -n __fish_use_subcommand -f -a dump -d 'Write records as XML or JSON'
complete -c evx -n __fish_use_subcommand -f -a info -d 'Say what logs hold and what is wrong'
complete -c evx -n __fish_use_subcommand -f -a sessions -d 'Check Exchange VSS backup sessions'
complete -c evx -n __fish_use_subcommand -f -a verify -d 'Account for every byte'
complete -c evx -n __fish_use_subcommand -f -a help -d 'Say how a command is used'
complete -c evx -n '__fish_seen_subcommand_from help' -f -a 'bench carve dump info sessions verify'

set -l all '__fish_seen_subcommand_from bench carve dump info sessions verify'
complete -c evx -n $all -s v -l verbose -d 'Say more'
complete -c evx -n $all -l no-sandbox -d 'Do not give up what is not needed'
complete -c evx -s h -l help -d 'Print a short help'
complete -c evx -s V -l version -d 'Print the version'

set -l dump '__fish_seen_subcommand_from dump'
complete -c evx -n $dump -s o -l format -x -a 'xml json jsonl' -d 'Shape of the records'
complete -c evx -n $dump -l style -x -a 'evtx_dump windows' -d 'Who would print it so'
complete -c evx -n $dump -s f -l output -r -d 'Write to a file'
complete -c evx -n $dump -l no-confirm-overwrite -d 'Overwrite without asking'
complete -c evx -n $dump -l no-indent -d 'XML: each record on one line'
complete -c evx -n $dump -l root -d 'XML: one document of all records'
complete -c evx -n $dump -l separate-json-attributes -d 'JSON: attributes of X in X_attributes'
complete -c evx -n $dump -l dont-show-record-number -d 'No "Record N" lines'
complete -c evx -n $dump -l event-id -x -d 'Only events with these ids'
complete -c evx -n $dump -l provider -x -d 'Only events of this provider'
complete -c evx -n $dump -l channel -x -d 'Only events of this channel'
complete -c evx -n $dump -l computer -x -d 'Only events of this computer'
complete -c evx -n $dump -l level -x -a '(__fish_complete_list , __evx_levels)' -d 'Only these levels'
complete -c evx -n $dump -l record-id -x -d 'Only records with these ids'
complete -c evx -n $dump -l exclude -x -a '(__fish_complete_list , __evx_conditions)' -d 'Turn these conditions around'
complete -c evx -n $dump -l events -x -d 'Only records of these numbers'
complete -c evx -n $dump -l since -x -d 'Only events from this time on'
complete -c evx -n $dump -l until -x -d 'Only events before this time'
complete -c evx -n $dump -l ansi-codec -x -a '(__evx_codecs)' -d 'Code page of ANSI strings'
complete -c evx -n $dump -l recover -d 'Also hidden records and those in slack'
complete -c evx -n $dump -l wevt -r -d 'Templates of provider DLLs'
complete -c evx -n $dump -l validate-checksums -d 'Leave out chunks whose checksum is wrong'
complete -c evx -n $dump -l stop-after-one-error -d 'Stop at the first damage'
complete -c evx -n $dump -l ledger -r -d 'Account for the run'
complete -c evx -n $dump -l hash -d 'With SHA-256 of every input'
complete -c evx -n $dump -s t -l threads -x -d 'Threads; 0: one for each processor'

set -l bench '__fish_seen_subcommand_from bench'
complete -c evx -n $bench -l json -d 'One JSON document'
complete -c evx -n $bench -l rounds -x -d 'How many rounds'

set -l info '__fish_seen_subcommand_from info'
complete -c evx -n $info -l json -d 'One JSON document'

set -l sessions '__fish_seen_subcommand_from sessions'
complete -c evx -n $sessions -l json -d 'One JSON document'
complete -c evx -n $sessions -l jsonl -d 'One JSON object a line'
complete -c evx -n $sessions -l events -d 'Add the list of events'
complete -c evx -n $sessions -l since -x -d 'Show only sessions from this time on'
complete -c evx -n $sessions -l until -x -d 'Show only sessions before this time'
complete -c evx -n $sessions -l computer -x -d 'Show only this computer'

set -l verify '__fish_seen_subcommand_from verify'
complete -c evx -n $verify -l json -d 'One JSON document'
complete -c evx -n $verify -l hash -d 'SHA-256 of every input'

set -l carve '__fish_seen_subcommand_from carve'
complete -c evx -n $carve -s o -l format -x -a 'xml json jsonl' -d 'Shape of the records'
complete -c evx -n $carve -l style -x -a 'evtx_dump windows' -d 'Who would print it so'
complete -c evx -n $carve -l wevt -r -d 'Templates of provider DLLs'
complete -c evx -n $carve -l no-values -d 'Leave out records whose templates are lost'

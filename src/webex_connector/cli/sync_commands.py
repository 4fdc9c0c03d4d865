"""
The commands of the sync engine, of its runs and of inventories; the others are in `commands`.
"""

from webex_connector.cli.command import Command

SYNC_COMMANDS = (
    Command(
        "sync ready",
        "webex_connector.cli.sync_ready:ready",
        "List the ready mappings, or print one.",
        "Those of PingIDM in both directions, Okta's and One Identity's. What is printed goes into the sync file; the "
        "source that it names is yours.",
        "webex-connector sync ready ping-users-to-webex",
    ),
    Command(
        "sync check",
        "webex_connector.cli.sync_checking:check",
        "Say what is wrong in the sync file.",
        "Everything at once, each with its line, its expressions included. Nothing is asked of any system. Of files of "
        "OpenIDM it is told how their scripts were read, and what of them has no effect.",
        "webex-connector sync check",
    ),
    Command(
        "sync sources",
        "webex_connector.cli.sync_sources:sources",
        "List what the sync file reads from.",
        "With the mappings that use it, and how it is followed. Nothing is read.",
        "webex-connector sync sources",
    ),
    Command(
        "sync read",
        "webex_connector.cli.sync_sources:read",
        "Read a source and show its first records.",
        "All of it is read, so what is wrong with it comes to light; values of what looks like a secret are masked.",
        "webex-connector sync read hr --limit 3",
    ),
    Command(
        "sync try",
        "webex_connector.cli.sync_checking:try_",
        "Show what an expression gives for one record.",
        "The record is one of a source, by its key, or is given in JSON.",
        """webex-connector sync try 'lower(source["mail"])' --given '{"mail": "Anna@Example.com"}'""",
    ),
    Command(
        "sync plan",
        "webex_connector.cli.syncing:plan",
        "Show what a mapping would change in Webex.",
        "The source and Webex are read to their ends and compared; nothing is written. The plan is kept, and may be "
        "applied as long as nobody has changed what it speaks of.",
        "webex-connector sync plan people",
    ),
    Command(
        "sync show",
        "webex_connector.cli.syncing:show",
        "Show a plan that was made before.",
        "Each item with what became of it.",
        "webex-connector sync show 3f2a91c07b44",
    ),
    Command(
        "sync apply",
        "webex_connector.cli.sync_runs:apply",
        "Do what a plan says.",
        "The fingerprint is the yes to exactly that plan. What was interrupted is gone on with by the same command: "
        "nobody is made twice, nothing is left out.",
        "webex-connector sync apply 3f2a91c07b44 --approve 9d0c5f1b",
    ),
    Command(
        "sync worklist",
        "webex_connector.cli.sync_deciding:worklist",
        "Show the records that somebody has to decide about.",
        "Those for which the newest plan found several objects, and those of which several fit one object.",
        "webex-connector sync worklist people",
    ),
    Command(
        "sync decide",
        "webex_connector.cli.sync_deciding:decide",
        "Decide to which object a record belongs.",
        "Or that it gets one of its own, or that nothing is done for it. The next plan goes by it; once that is "
        "applied, the link stays.",
        "webex-connector sync decide people 4711 Y2lzY29zcGFyazovL3VzL1BFT1BMRS8x",
    ),
    Command(
        "sync explain",
        "webex_connector.cli.sync_explain:explain",
        "Tell the whole story of one record.",
        "What the source says, what the mapping makes of it and by which expression, whom it belongs to and why, what "
        "would be done about it now, and what plans did before.",
        "webex-connector sync explain people zoe@example.com",
    ),
    Command(
        "sync live",
        "webex_connector.cli.sync_live:live",
        "Follow a mapping's source, and make each change so at once.",
        "Each round of changes is a plan like any other, with the same gates, history and undo; nobody has to say yes "
        "to it unless a gate stops it. The first round only begins to follow: plan and apply everybody before.",
        "webex-connector sync live people --every 60",
    ),
    Command(
        "sync tokens",
        "webex_connector.cli.sync_live:tokens",
        "Show up to where sources have been followed.",
        "A token is kept when everything before it has had its effect.",
        "webex-connector sync tokens",
    ),
    Command(
        "sync dead-letters",
        "webex_connector.cli.sync_runs:dead_letters",
        "Show what plans could not do, and why.",
        "What Webex refused, and what was tried five times in vain. The others went on without them.",
        "webex-connector sync dead-letters",
    ),
    Command(
        "sync replay",
        "webex_connector.cli.sync_runs:replay",
        "Try again what a plan could not do.",
        "As long as no other plan of the mapping was applied since: then a new plan knows better.",
        "webex-connector sync replay 3f2a91c07b44",
    ),
    Command(
        "sync undo",
        "webex_connector.cli.sync_runs:undo",
        "Make the plan that takes an applied one back.",
        "It is shown and applied like any other. What somebody else has changed since stays theirs, and who was "
        "deleted cannot be brought back.",
        "webex-connector sync undo 3f2a91c07b44",
    ),
    Command(
        "runs list",
        "webex_connector.cli.running:list_",
        "Show what was begun, and what became of it.",
        "Runs of every server that shares the database, the newest first; moments are in UTC.",
        "webex-connector runs list --open",
    ),
    Command(
        "runs show",
        "webex_connector.cli.running:show",
        "Show a run, and how far it is.",
        "With who began it, what it waits for, and what went wrong.",
        "webex-connector runs show 5c02d19e77aa",
    ),
    Command(
        "runs follow",
        "webex_connector.cli.running:follow",
        "Tell what a run tells, until it ends.",
        "From its beginning, whoever works on it; with --json each event is one line. Ctrl-C ends the telling, not the "
        "run.",
        "webex-connector runs follow 5c02d19e77aa",
    ),
    Command(
        "runs cancel",
        "webex_connector.cli.running:cancel",
        "Have a run end after the batch it is doing.",
        "One that waits ends at once, and so does one whose process is dead. What is done stays done.",
        "webex-connector runs cancel 5c02d19e77aa",
    ),
    Command(
        "runs approve",
        "webex_connector.cli.running:approve",
        "Let a run go on that waits for approval.",
        "The yes is to exactly what is named; when the run waits for something else by now, nothing is changed.",
        "webex-connector runs approve 5c02d19e77aa 9d0c5f1b",
    ),
    Command(
        "schedules list",
        "webex_connector.cli.scheduling:list_",
        "Show which runs begin by themselves, and when.",
        "A running server begins them; moments are in UTC.",
        "webex-connector schedules list",
    ),
    Command(
        "schedules run",
        "webex_connector.cli.scheduling:run",
        "Let a schedule's run begin now.",
        "In the running server, or here when there is none; its next time stays as it is. Not while a run of the same "
        "mapping has not ended.",
        "webex-connector schedules run nightly",
    ),
    Command(
        "inventory run",
        "webex_connector.cli.inventorying:run",
        "Remember how every object of a class is.",
        "A mirror answers without asking Webex anything. Who is otherwise than before gets a new version.",
        "webex-connector inventory run account",
    ),
    Command(
        "inventory drift",
        "webex_connector.cli.inventorying:drift",
        "Show what has changed since the inventory before, and by whom.",
        "What no client of ours has written was done by somebody else, such as in Control Hub.",
        "webex-connector inventory drift account",
    ),
    Command(
        "inventory history",
        "webex_connector.cli.inventorying:history",
        "Show how somebody was, and when.",
        "One line for each version that the inventories saw.",
        "webex-connector inventory history john@example.com",
    ),
    Command(
        "inventory licenses",
        "webex_connector.cli.inventorying:licenses",
        "Show which licences are used, which are idle, and what that costs.",
        "As a table, as CSV, or as a page with charts.",
        "webex-connector inventory licenses --idle 60 --price 'Webex Calling=12.50' --out licences.html",
    ),
)
"""
In the order in which somebody new would try them.
"""

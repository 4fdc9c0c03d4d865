"""
Every command: where it is and what its help says. The texts stand here so that help comes without loading the commands.
"""

from webex_connector.cli.command import Command
from webex_connector.cli.sync_commands import SYNC_COMMANDS

COMMANDS = (
    Command(
        "test",
        "webex_connector.cli.inspecting:check",
        "Check that Webex can be reached and used.",
        "Each check says yes, no, unknown or warning, why, and what to do about it. Nothing is changed.",
        "webex-connector test",
    ),
    Command(
        "connect",
        "webex_connector.cli.connecting:connect",
        "Connect a system to Webex by consent in a browser.",
        "It shows the redirect URI, asks for client id and secret if the settings lack them, opens Webex's consent "
        "page, stores the tokens sealed, and tests them. Every door and command uses them from then on; a running "
        "server takes them up within seconds. No secret stands on the command line.",
        "webex-connector connect webex",
    ),
    Command(
        "schema",
        "webex_connector.cli.inspecting:schema",
        "Show object classes and their attributes.",
        "Nothing is asked of Webex.",
        "webex-connector schema account",
    ),
    Command(
        "list",
        "webex_connector.cli.reading:list_",
        "List objects, all or those that a filter matches.",
        "Objects are written as they come; with --json each one is a line. A filter is written as over REST: eq, co, "
        "sw, ew, lt, le, gt, ge, pr, ca and in, joined by and, or and !, with parentheses.",
        "webex-connector list account --filter 'displayName sw \"john\"' --fields emails,title",
    ),
    Command(
        "get",
        "webex_connector.cli.reading:get",
        "Show one object.",
        "Attributes that cost more requests, such as the groups of an account, come when --fields names them.",
        "webex-connector get account john@example.com --fields '*,groups'",
    ),
    Command(
        "changes",
        "webex_connector.cli.following:changes",
        "Tell what changed since a token.",
        "Without --since everything is told of; --now gives the token of now. With --json each change is a line, with "
        "the token to go on from. Who was told of is remembered in the data folder, so that deletions are told; where "
        "that is lost, audit events must tell who is gone, or the token is refused.",
        "webex-connector changes account --since TOKEN",
    ),
    Command(
        "mirror status",
        "webex_connector.cli.mirroring:status",
        "Show how old the copy of each object class is.",
        "A system has copies when its settings have a table [systems.<name>.mirror]; a running server keeps them up to "
        "date. Reads are answered from Webex while there is no copy, and when it is too old.",
        "webex-connector mirror status",
    ),
    Command(
        "mirror refresh",
        "webex_connector.cli.mirroring:refresh",
        "Bring the copies of a system's objects up to date now.",
        "Webex is asked what has changed; with --whole everything is read. The copy that is there is shown until the "
        "new one is whole.",
        "webex-connector mirror refresh --whole",
    ),
    Command(
        "create",
        "webex_connector.cli.writing:create",
        "Make an object.",
        'A name given twice has both values; a value may be JSON: --set \'licenses=["ID1","ID2"]\'. What Webex does '
        "not take of an object that it does make is listed, and the exit code is 7.",
        "webex-connector create account --set emails=john@example.com --set displayName='John Doe'",
    ),
    Command(
        "update",
        "webex_connector.cli.writing:update",
        "Change an object; disabling is a dry run unless --yes is given.",
        "What is not mentioned stays as it is; an empty value clears: --set title=. Disabling an account, --set "
        "__ENABLE__=false, needs --yes, since Webex deletes people who stay inactive for 30 days.",
        "webex-connector update account john@example.com --set title=Lead --add licenses=ID",
    ),
    Command(
        "delete",
        "webex_connector.cli.writing:delete",
        "Remove an object; a dry run unless --yes is given.",
        "Webex does not bring a deleted person back, and may refuse the same address for 7 days.",
        "webex-connector delete account john@example.com --yes",
    ),
    Command(
        "enable",
        "webex_connector.cli.letting_in:enable",
        "Let somebody log in again who was disabled.",
        "Somebody is named by e-mail address, by name, or by id.",
        "webex-connector enable john@example.com",
    ),
    Command(
        "disable",
        "webex_connector.cli.letting_in:disable",
        "Let somebody log in no more; a dry run unless --yes is given.",
        "The account stays. Webex deletes people of an organisation who stay inactive for 30 days, users of a classic "
        "site never.",
        "webex-connector disable john@example.com --yes",
    ),
    Command(
        "unlock",
        "webex_connector.cli.letting_in:unlock",
        "Let somebody log in again who was locked out.",
        "Classic sites lock users out after too many wrong passwords. A system whose accounts have no lock says so.",
        "webex-connector unlock jdoe --system acme",
    ),
    Command(
        "reset-password",
        "webex_connector.cli.letting_in:reset_password",
        "Give somebody a new password.",
        "It is asked for, or read from standard input; --generate makes one up and shows it once, --mail has the "
        "system make and mail one. Where it is refused, the error tells the rules of the system.",
        "webex-connector reset-password jdoe --generate --force-change --system acme",
    ),
    Command(
        "script run",
        "webex_connector.cli.scripting:run",
        "Run a Python script that uses a system; it writes only with --yes.",
        "It runs in a sandbox: it reaches the system by `connector`, and no file, program or network. What it writes "
        "is checked, journalled and limited like every write.",
        "webex-connector script run unlicensed.py --arg department=Sales",
    ),
    Command(
        "script check",
        "webex_connector.cli.scripting:check",
        "Tell what is wrong with a script, without running it.",
        "Words and types are checked against what `connector` offers.",
        "webex-connector script check unlicensed.py",
    ),
    Command(
        "journal",
        "webex_connector.cli.keeping:journal",
        "Show who changed what, and what came of it.",
        "Every write of every door is in it, before it leaves and after it has ended. Of one whose process died nobody "
        "saw the end: only Webex can tell what became of it.",
        "webex-connector journal --outcome unfinished",
    ),
    Command(
        "audit export",
        "webex_connector.cli.auditing:export",
        "Write the journal to a file of JSON lines or CSV.",
        "Every write of every door: who, when, which door, before, after, and Webex's tracking id. The file is written "
        "as it is read, however long the journal is, and its owner alone can read it.",
        "webex-connector audit export journal.csv --since 2026-01-01",
    ),
    Command(
        "audit forget",
        "webex_connector.cli.auditing:forget",
        "Forget a person, and keep that something was done; needs --yes.",
        "Journal, plans, links, copies and history lose what they say of them; that something was done stays, with "
        "when, by whom and how it ended. Without --yes only the names are shown that they are known by. Webex is not "
        "changed, and whoever is there still is read again. Backups and exports are yours to see to.",
        "webex-connector audit forget john@example.com --yes",
    ),
    Command(
        "access add",
        "webex_connector.cli.access:add",
        "Let somebody use the doors; shows a new token once.",
        "The token goes to standard output, everything else to standard error. Only a digest of it is kept. With "
        "--password the client logs in with its name and a password, which is asked for, or read from standard input.",
        "webex-connector access add okta --role provisioner --system webex --expires 90d",
    ),
    Command(
        "access list",
        "webex_connector.cli.access:list_",
        "Show who may use the doors, and when they did last.",
        "The moment of last use may lag five minutes behind.",
        "webex-connector access list",
    ),
    Command(
        "access rotate",
        "webex_connector.cli.access:rotate",
        "Give a client a new token or password.",
        "The one before ends at once, or after the time of --keep, in which the new one can be put into place.",
        "webex-connector access rotate okta --keep 24h --expires 90d",
    ),
    Command(
        "access revoke",
        "webex_connector.cli.access:revoke",
        "Let a client in no more, at once.",
        "A running server looks at each request, so the next one is refused; what is being answered is finished.",
        "webex-connector access revoke okta",
    ),
    Command(
        "guard list",
        "webex_connector.cli.guarding:list_",
        "Show who deleted or disabled how much, and who was stopped.",
        "Whoever wants to delete or disable more objects an hour than [safety] of the settings allows is stopped from "
        "both until an administrator says yes. Reading and all other writes go on.",
        "webex-connector guard list",
    ),
    Command(
        "guard allow",
        "webex_connector.cli.guarding:allow",
        "Say yes to a client that was stopped from deleting and disabling.",
        "It has a whole new quota then; with --count it has that many beyond its quota instead, also before it was "
        "stopped. A running server knows at once, and the journal has who said so.",
        "webex-connector guard allow okta --count 200 --for 1h",
    ),
    Command(
        "store backup",
        "webex_connector.cli.keeping:backup",
        "Copy the database and its keys to a file, also while a server runs.",
        "Whoever has the file can read the tokens in it, unless the settings name the key: it is not in it then.",
        "webex-connector store backup /backups/webex-connector.tgz",
    ),
    Command(
        "store restore",
        "webex_connector.cli.keeping:restore",
        "Put a backup in the place of what is there; needs --yes, and no server may run.",
        "The database that was there is kept beside it. Journal and counts are those of the backup then; Webex is not "
        "changed.",
        "webex-connector store restore /backups/webex-connector.tgz --yes",
    ),
    Command(
        "store rotate-key",
        "webex_connector.cli.keeping:rotate_key",
        "Seal the secrets in the database with a new key; no server may run.",
        "Where the settings name the keys, put the new one first there, and take the old ones away afterwards.",
        "webex-connector store rotate-key",
    ),
    Command(
        "seal",
        "webex_connector.cli.sealing:seal",
        "Seal the secrets that stand in plain text in a provisioner file.",
        "The file is changed in place, and nothing in it but the secrets. Only this installation can open them, with "
        "the key in its data folder or the one that the settings name: keep the secrets elsewhere too.",
        "webex-connector seal conf/provisioner.openicf-webex.json",
    ),
    Command(
        "certificate",
        "webex_connector.cli.certifying:certificate",
        "Make a certificate of its own for the connector server.",
        "Key and certificate are put into the data folder, where [remote] of the settings finds them; platforms are "
        "told to trust the certificate.",
        "webex-connector certificate connector.example.com",
    ),
    Command(
        "remote probe",
        "webex_connector.cli.probing:probe",
        "Ask a connector server what it offers, and test a connector on it.",
        "It speaks with any server of this protocol, ours or one in Java, as a platform does: with the shared key, "
        "over TLS unless --plain is said. --test has the server check a configuration and test the connector; nothing "
        "is changed.",
        "webex-connector remote probe connector.example.com --key env:CONNECTOR_KEY --test webex_connector.ControlHub "
        "-p system=webex",
    ),
    Command(
        "serve",
        "webex_connector.cli.serving:serve",
        "Serve the doors to every configured system.",
        "It stays up until Ctrl-C or SIGTERM, and finishes the requests in progress then.",
        "webex-connector serve --config /etc/webex-connector.toml",
    ),
    Command(
        "sandbox",
        "webex_connector.cli.serving:sandbox",
        "Simulate a Webex organisation on this computer.",
        "It stays up until Ctrl-C, and prints what connects to it. The same arguments give the same organisation.",
        "webex-connector sandbox --people 500 --write-config webex-connector.toml",
    ),
    *SYNC_COMMANDS,
    Command(
        "demo",
        "webex_connector.cli.serving:demo",
        "See everything at work against a simulated organisation.",
        "A simulated organisation, the REST door in front of it, and the requests of the connector's reference page "
        "with their answers; then the sync engine, with a file of 500 people. It stays up until Ctrl-C, so that "
        "requests and commands can be tried by hand.",
        "webex-connector demo",
    ),
)
"""
Every command, in the order in which somebody new would try them.
"""

GROUPS = {
    "mirror": "Read from copies of a system's objects, and keep them up to date.",
    "remote": "Ask connector servers.",
    "audit": "Hand over what was done, and forget people.",
    "access": "Say who may use the doors: make, list, rotate and revoke their tokens and passwords.",
    "guard": "See who was stopped from deleting and disabling, and let them go on.",
    "sync": "Make people and groups of a source right in Webex: plan, look, apply, undo.",
    "runs": "See what runs and has run, follow it, cancel it.",
    "schedules": "See which runs begin by themselves, and begin one now.",
    "inventory": "Remember what the organisation is like, and see what has changed and which licences nobody uses.",
    "script": "Use a system by sandboxed Python.",
    "store": "Back up and restore what is kept, and change its keys.",
}
"""
What the commands that share a first word are about.
"""


def first_of(group: str) -> int:
    """
    Return the place of a group's first command.
    """
    return next(place for place, command in enumerate(COMMANDS) if command.name.startswith(f"{group} "))

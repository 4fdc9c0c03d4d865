"""
The messages of the protocol, described to the protobuf library here instead of in code that a compiler makes.

Only numbers and types of fields travel. Source: `RPCMessages.proto`, `OperationMessages.proto` and
`CommonObjectMessages.proto` of OpenICF's Java framework; batches and subscriptions are left out, and skipped in what
comes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message

from webex_connector.gateway.remote.codec.primitives import Malformed

_PACKAGE: Final = "webex_connector.openicf"

_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "RemoteMessage": "id:int64=1 request:Request=2 response:Response=3",
        "Request": "handshake:Handshake=1 control:Control=2 operation:Operation=3 cancel:Nothing=4",
        "Response": "handshake:Handshake=1 control:Controlled=2 operation:Outcome=3 error:Error=4",
        "Handshake": "session:string=1 server_type:int32=2 public_key:bytes=3",
        "Nothing": "",
        "Control": "levels:int32*=1 local_requests:int64*=2 remote_requests:int64*=3",
        "Controlled": "context:Entry*=1 connectors:bytes=2 requests:int64*=3",
        "Entry": "key:string=1 value:string=2",
        "Error": "class_name:string=1 message:string=2 cause:Cause=3 stack_trace:string=4",
        "Cause": "class_name:string=1 message:string=2 cause:Cause=3",
        "ConnectorKey": "bundle_name:string=1 bundle_version:string=2 connector_name:string=3",
        "Locale": "language:string=1 country:string=2 variant:string=3",
        "Uid": "value:string=1 revision:string=2",
        "Object": "object_class:string=1 attributes:bytes=2",
        "Token": "value:bytes=1",
        "Script": "language:string=1 text:string=2",
        "ScriptContext": "script:Script=1 arguments:bytes=2",
        "SearchResult": "cookie:string=1 policy:int32=2 total:int32=3 remaining:int32=4",
        "SyncDelta": "token:Token=1 type:int32=2 previous_uid:Uid=3 object_class:string=4 uid:Uid=5 attributes:bytes=6",
        "Operation": (
            "connector:ConnectorKey=1 facade_key:bytes=2 locale:Locale=3 authenticate:Authenticate=4 create:Create=5 "
            "delete:Delete=7 get:Get=8 resolve:Resolve=9 schema:Nothing=10 script:RunScript=11 "
            "resource_script:RunScript=12 search:Search=13 sync:Sync=14 test:Nothing=16 update:Update=17 "
            "validate:Nothing=18 configuration_change:Nothing=19"
        ),
        "Authenticate": "object_class:string=1 username:string=2 password:bytes=3 options:bytes=4",
        "Create": "object_class:string=1 attributes:bytes=2 options:bytes=3",
        "Delete": "object_class:string=1 uid:Uid=2 options:bytes=3",
        "Get": "object_class:string=1 uid:Uid=2 options:bytes=3",
        "Resolve": "object_class:string=1 username:string=2 options:bytes=3",
        "RunScript": "context:ScriptContext=1 options:bytes=2",
        "Search": "object_class:string=1 filter:bytes=2 options:bytes=3",
        "Sync": "since:SyncSince=1 latest:SyncLatest=2",
        "SyncSince": "object_class:string=1 token:Token=2 options:bytes=3",
        "SyncLatest": "object_class:string=1",
        "Update": "object_class:string=1 uid:Uid=2 type:int32=3 attributes:bytes=4 options:bytes=5",
        "Outcome": (
            "authenticate:UidOutcome=1 create:UidOutcome=2 delete:Nothing=4 get:BlobOutcome=5 resolve:UidOutcome=6 "
            "schema:BlobOutcome=7 script:BlobOutcome=8 resource_script:BlobOutcome=9 search:Found=10 sync:Synced=11 "
            "test:Nothing=13 update:UidOutcome=14 validate:Nothing=15"
        ),
        "UidOutcome": "uid:Uid=1",
        "BlobOutcome": "value:bytes=1",
        "Found": "sequence:int64=1 result:SearchResult=2 object:Object=3",
        "Synced": "since:SyncedSince=1 latest:SyncedLatest=2",
        "SyncedSince": "sequence:int64=1 token:Token=2 delta:SyncDelta=3",
        "SyncedLatest": "token:Token=1",
    },
)
"""
The fields of each message: name, type, a star for a repeated one, number. Enumerations travel as int32.
"""

_Field: Final = descriptor_pb2.FieldDescriptorProto
_SCALARS: Final = MappingProxyType(
    {
        "int32": _Field.TYPE_INT32,
        "int64": _Field.TYPE_INT64,
        "string": _Field.TYPE_STRING,
        "bytes": _Field.TYPE_BYTES,
    },
)


def _field(text: str) -> descriptor_pb2.FieldDescriptorProto:
    name, _, rest = text.partition(":")
    kind, _, number = rest.partition("=")
    field = _Field(name=name, number=int(number))
    field.label = _Field.LABEL_REPEATED if kind.endswith("*") else _Field.LABEL_OPTIONAL
    kind = kind.removesuffix("*")
    field.type = _SCALARS.get(kind, _Field.TYPE_MESSAGE)
    if field.type == _Field.TYPE_MESSAGE:
        field.type_name = f".{_PACKAGE}.{kind}"
    return field


def _classes() -> Mapping[str, type[Message]]:
    described = descriptor_pb2.FileDescriptorProto(name="openicf.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _FIELDS.items():
        described.message_type.add(name=name, field=[_field(each) for each in fields.split()])
    pool = descriptor_pool.DescriptorPool()
    pool.Add(described)
    return MappingProxyType(
        {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")) for name in _FIELDS}
    )


_CLASSES: Final = _classes()


def new(name: str, **fields: Any) -> Any:
    """
    Return a message with these fields; None is left out. Its class is made when the program starts, so that nothing is
    known of it to whoever checks types.
    """
    return _CLASSES[name](**{field: value for field, value in fields.items() if value is not None})


def parsed(content: bytes) -> Any:
    """
    Return the `RemoteMessage` that came. Raises Malformed.
    """
    try:
        return _CLASSES["RemoteMessage"].FromString(content)
    except DecodeError:
        raise Malformed("this is no message of the OpenICF protocol") from None


def member(message: Any, *besides: str) -> str:
    """
    Return the name of the one message within this one, besides those that may accompany it; "" for none. Raises
    Malformed for several.
    """
    inner = [field.name for field, _ in message.ListFields() if field.message_type and not field.is_repeated]
    found = [name for name in inner if name not in besides]
    if len(found) > 1:
        raise Malformed(f"a message holds several others: {', '.join(found)}")
    return found[0] if found else ""

"""The public foxglove message schemas that a Record uses, built as protobuf descriptors.

Field numbers are those of the published schemas (docs.foxglove.dev/docs/visualization/message-schemas), so that
Foxglove, Lichtblick and Rerun know what they see.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, message_factory, timestamp_pb2

from twin.errors import RecordError
from twin.record.model import SceneModel

SCENE_TOPIC = "/scene"

_SCALARS = {
    "double": descriptor_pb2.FieldDescriptorProto.TYPE_DOUBLE,
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "fixed32": descriptor_pb2.FieldDescriptorProto.TYPE_FIXED32,
}

# message → fields in the order of their numbers, from 1; "*" marks a repeated field, "enum A B" an enum of the
# message itself with these values from 0.
_MESSAGES: dict[str, str] = {
    "Vector3": "x:double y:double z:double",
    "Point3": "x:double y:double z:double",
    "Quaternion": "x:double y:double z:double w:double",
    "Pose": "position:Vector3 orientation:Quaternion",
    "Color": "r:double g:double b:double a:double",
    "KeyValuePair": "key:string value:string",
    "FrameTransform": "timestamp:Timestamp parent_frame_id:string child_frame_id:string translation:Vector3 "
    "rotation:Quaternion",
    "FrameTransforms": "transforms:*FrameTransform",
    "ArrowPrimitive": "pose:Pose shaft_length:double shaft_diameter:double head_length:double head_diameter:double "
    "color:Color",
    "CubePrimitive": "pose:Pose size:Vector3 color:Color",
    "SpherePrimitive": "pose:Pose size:Vector3 color:Color",
    "CylinderPrimitive": "pose:Pose size:Vector3 bottom_scale:double top_scale:double color:Color",
    "LinePrimitive": "type:enum(LINE_STRIP,LINE_LOOP,LINE_LIST) pose:Pose thickness:double scale_invariant:bool "
    "points:*Point3 color:Color colors:*Color indices:*fixed32",
    "TriangleListPrimitive": "pose:Pose points:*Point3 color:Color colors:*Color indices:*fixed32",
    "TextPrimitive": "pose:Pose billboard:bool font_size:double scale_invariant:bool color:Color text:string",
    "ModelPrimitive": "pose:Pose scale:Vector3 color:Color override_color:bool url:string media_type:string data:bytes",
    "SceneEntityDeletion": "timestamp:Timestamp type:enum(MATCHING_ID,ALL) id:string",
    "SceneEntity": "timestamp:Timestamp frame_id:string id:string lifetime:Duration frame_locked:bool "
    "metadata:*KeyValuePair arrows:*ArrowPrimitive cubes:*CubePrimitive spheres:*SpherePrimitive "
    "cylinders:*CylinderPrimitive lines:*LinePrimitive triangles:*TriangleListPrimitive texts:*TextPrimitive "
    "models:*ModelPrimitive",
    "SceneUpdate": "deletions:*SceneEntityDeletion entities:*SceneEntity",
}
_TRANSFORM_MESSAGES = ("Vector3", "Quaternion", "FrameTransform", "FrameTransforms")

#: JSON schema of ``foxglove.Log`` with the Record's own fields beside it.
LOG_SCHEMA: dict[str, Any] = {
    "title": "foxglove.Log",
    "type": "object",
    "properties": {
        "timestamp": {
            "type": "object",
            "title": "time",
            "properties": {"sec": {"type": "integer", "minimum": 0}, "nsec": {"type": "integer", "minimum": 0}},
        },
        "level": {"type": "integer", "minimum": 0, "maximum": 5},
        "message": {"type": "string"},
        "name": {"type": "string"},
        "file": {"type": "string"},
        "line": {"type": "integer", "minimum": 0},
        "kind": {"type": "string"},
        "data": {"type": "object"},
    },
}


@cache
def transforms_schema() -> bytes:
    """``foxglove.FrameTransforms`` as a serialized FileDescriptorSet."""
    return _file_set("foxglove/FrameTransforms.proto", _TRANSFORM_MESSAGES).SerializeToString()


@cache
def scene_schema() -> bytes:
    """``foxglove.SceneUpdate`` as a serialized FileDescriptorSet."""
    names = tuple(name for name in _MESSAGES if name not in ("FrameTransform", "FrameTransforms"))
    return _file_set("foxglove/SceneUpdate.proto", names).SerializeToString()


def message_class(schema: bytes, name: str) -> Any:
    """The protobuf message class *name* of a serialized FileDescriptorSet."""
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(schema).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


@cache
def _scene_update() -> Any:
    return message_class(scene_schema(), "foxglove.SceneUpdate")


def encode_scene(models: list[SceneModel]) -> bytes:
    """A ``foxglove.SceneUpdate`` with one entity per model, locked to the model's frame."""
    update = _scene_update()()
    for model in models:
        entity = update.entities.add(frame_id=model.frame, id=f"{model.frame}/{model.name}", frame_locked=True)
        entity.timestamp.seconds = 0
        entity.lifetime.seconds = 0
        entity.metadata.add(key="name", value=model.name)
        primitive = entity.models.add(media_type="model/gltf-binary", data=model.glb)
        primitive.pose.position.x = 0.0
        primitive.pose.orientation.w = 1.0
        primitive.scale.x = primitive.scale.y = primitive.scale.z = 1.0
        primitive.color.r = primitive.color.g = primitive.color.b = primitive.color.a = 1.0
    data: bytes = update.SerializeToString()
    return data


def decode_scene(data: bytes) -> list[SceneModel]:
    """The models of a ``foxglove.SceneUpdate`` as written by :func:`encode_scene`.

    Raises:
        RecordError: the bytes are no such message.
    """
    update = _scene_update()()
    try:
        update.ParseFromString(data)
    except Exception as error:  # protobuf's DecodeError is not a public base class in every version
        raise RecordError(f"the scene cannot be decoded: {error}") from error
    models = []
    for entity in update.entities:
        names = {pair.key: pair.value for pair in entity.metadata}
        for primitive in entity.models:
            models.append(SceneModel(frame=entity.frame_id, glb=primitive.data, name=names.get("name", entity.id)))
    return models


def _file_set(path: str, names: tuple[str, ...]) -> descriptor_pb2.FileDescriptorSet:
    files = descriptor_pb2.FileDescriptorSet()
    for module in (timestamp_pb2, duration_pb2):
        files.file.add().ParseFromString(module.DESCRIPTOR.serialized_pb)
    file = files.file.add(name=path, package="foxglove", syntax="proto3")
    file.dependency.extend(["google/protobuf/timestamp.proto", "google/protobuf/duration.proto"])
    for name in names:
        _add_message(file.message_type.add(name=name), _MESSAGES[name])
    return files


def _add_message(message: descriptor_pb2.DescriptorProto, fields: str) -> None:
    for number, text in enumerate(fields.split(), start=1):
        name, kind = text.split(":")
        entry = message.field.add(name=name, number=number, label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL)
        if kind.startswith("*"):
            entry.label = descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
            kind = kind[1:]
        if kind.startswith("enum("):
            enum = message.enum_type.add(name=name.capitalize())
            for value, label in enumerate(kind[5:-1].split(",")):
                enum.value.add(name=label, number=value)
            entry.type = descriptor_pb2.FieldDescriptorProto.TYPE_ENUM
            entry.type_name = f".foxglove.{message.name}.{enum.name}"
        elif kind in _SCALARS:
            entry.type = _SCALARS[kind]
        else:
            package = ".google.protobuf" if kind in ("Timestamp", "Duration") else ".foxglove"
            entry.type = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
            entry.type_name = f"{package}.{kind}"

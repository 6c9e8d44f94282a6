namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>The forms of Avro values (https://avro.apache.org/docs/1.11.1/specification/).</summary>
internal enum AvroKind
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Enum,
    Array,
    Map,
    Union,
    Fixed,
}

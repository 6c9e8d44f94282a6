namespace PaimonSharp.Cdc.Binlog;

/// <summary>What a rows event does.</summary>
public enum RowsKind : byte
{
    /// <summary>Each image is a new row.</summary>
    Write,

    /// <summary>Images come in pairs: a row before and after.</summary>
    Update,

    /// <summary>Each image is a row that is gone.</summary>
    Delete,
}

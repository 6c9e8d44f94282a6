namespace PaimonSharp.Cdc.Types;

/// <summary>What becomes of <c>0000-00-00</c> and of dates that no calendar has (option <c>zero-date</c>).</summary>
public enum ZeroDatePolicy
{
    /// <summary>NULL in a nullable column, an error otherwise.</summary>
    Null,

    /// <summary>An error.</summary>
    Error,

    /// <summary>1970-01-01 00:00:00.</summary>
    Epoch,
}

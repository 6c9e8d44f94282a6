namespace PaimonSharp.Data.Options;

/// <summary>What the value of a table option is.</summary>
public enum OptionKind
{
    /// <summary>Any text; what it must be, if anything, is known where it is used.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number of 32 bits.</summary>
    Int32,

    /// <summary>A whole number of 64 bits.</summary>
    Int64,

    /// <summary>A floating point number.</summary>
    Number,

    /// <summary>A size such as <c>128 mb</c>.</summary>
    Size,

    /// <summary>A duration such as <c>1 h</c>.</summary>
    Duration,

    /// <summary>One of some names.</summary>
    Choice,
}

using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>A column of a model's table that is neither key nor partition; it keeps its id whatever it is called.</summary>
internal sealed record ModelField(int Id, string Name, DataType Type)
{
    /// <summary>No sequence group.</summary>
    public const int NoGroup = -1;

    /// <summary>The aggregate function; null for what the engine does by default.</summary>
    public string? Function { get; init; }

    public bool IgnoresRetracts { get; init; }

    /// <summary>The sequence group, from 0 on.</summary>
    public int Group { get; init; } = NoGroup;

    /// <summary>True for a sequence field of the group, or of the table where there is no group.</summary>
    public bool IsSequence { get; init; }

    /// <summary>True when no option names the column, so that it may be dropped and renamed.</summary>
    public bool IsFree => Function is null && Group == NoGroup && !IsSequence;

    public override string ToString() =>
        $"{Name} {Type}{(Function is null ? "" : $" {Function}{(IgnoresRetracts ? " ignoring retracts" : "")}")}"
        + $"{(Group == NoGroup ? "" : $" of group {Group}")}{(IsSequence ? " as sequence" : "")}";
}

using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge.Aggregators;

namespace PaimonSharp.Merge;

/// <summary>The aggregator of a column as its options have it. Immutable; safe for several threads.</summary>
internal sealed class ColumnAggregate
{
    private readonly TableOptions _options;

    /// <summary>Reads the options of a column.</summary>
    /// <param name="name">The aggregator's name.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Invalid: there is no such aggregator, or its options contradict each other.</exception>
    public ColumnAggregate(string name, string column, TableOptions options)
    {
        _options = options;
        Aggregator = AggregatorRegistry.Get(name, column);
        var key = $"fields.{column}.ignore-retract";
        IgnoresRetracts = options.GetBoolean(key, false);
        if (IgnoresRetracts && options.GetBoolean(AggregationEngine.RemoveOnDeleteKey, false))
        {
            PaimonException.ThrowInvalid($"'{AggregationEngine.RemoveOnDeleteKey}' and '{key}' exclude each other.");
        }
    }

    /// <summary>The aggregator.</summary>
    public Aggregator Aggregator { get; }

    /// <summary>Option <c>fields.f.ignore-retract</c>.</summary>
    public bool IgnoresRetracts { get; }

    /// <summary>True when a row that is taken back is an error.</summary>
    public bool RefusesRetracts => !Aggregator.CanRetract && !IgnoresRetracts;

    /// <summary>The function that options name for a column; null when they name none.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="options">The table's options.</param>
    public static string? NameOf(string column, TableOptions options) =>
        options.GetString($"fields.{column}.aggregate-function") ?? options.GetString("fields.default-aggregate-function");

    /// <summary>The error for a row that is taken back.</summary>
    /// <param name="function">The aggregator's name.</param>
    /// <param name="column">The column's name.</param>
    public static PaimonException RetractError(string function, string column) => new(
        ErrorKind.Invalid,
        $"Column '{column}': aggregate function '{function}' cannot take back a -D or -U row;"
        + $" set 'fields.{column}.ignore-retract' = 'true' to pass such rows over.");

    /// <summary>Makes the fold of the column.</summary>
    /// <param name="field">The column.</param>
    /// <exception cref="PaimonException">Invalid: the aggregator does not take its type.</exception>
    public ColumnFold CreateFold(DataField field) => Aggregator.Create(field, _options);
}

using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// A function that <c>fields.f.aggregate-function</c> can name. Immutable; safe for several threads.
/// </summary>
/// <param name="Name">The option's value.</param>
/// <param name="CanRetract">
/// True when values can be taken back. A fold of one that cannot is never given <see cref="FoldAction.Retract"/>,
/// <see cref="FoldAction.RetractOlder"/> or <see cref="FoldAction.ResetRetract"/>: such rows are refused before.
/// </param>
/// <param name="Create">
/// Makes the fold of a column; throws an error of kind Invalid when the column's type or options are none that it takes.
/// </param>
internal sealed record Aggregator(string Name, bool CanRetract, Func<DataField, TableOptions, ColumnFold> Create);

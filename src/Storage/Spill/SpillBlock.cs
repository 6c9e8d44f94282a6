namespace PaimonSharp.Storage.Spill;

/// <summary>Some rows of a spilled run, which are read at once: never some of the rows of a key without the others.</summary>
/// <param name="Keys">Kinds, sequence numbers and the columns that bring rows together.</param>
/// <param name="Values">The other columns.</param>
/// <param name="RowCount">The rows.</param>
internal readonly record struct SpillBlock(SpillSection Keys, SpillSection Values, int RowCount);

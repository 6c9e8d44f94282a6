namespace PaimonSharp.Data.Vectors;

/// <summary>A row of one of several sources: what a merge plan is made of.</summary>
/// <param name="Source">The index of the source among those merged.</param>
/// <param name="Row">The row in that source.</param>
public readonly record struct RowReference(int Source, int Row);

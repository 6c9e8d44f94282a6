namespace PaimonSharp.Cdc.Wire;

/// <summary>What a statement without rows answered.</summary>
/// <param name="AffectedRows">Rows that it changed.</param>
/// <param name="LastInsertId">The first generated key, 0 for none.</param>
/// <param name="WarningCount">Warnings that <c>SHOW WARNINGS</c> would list.</param>
public readonly record struct CommandResult(ulong AffectedRows, ulong LastInsertId, int WarningCount);

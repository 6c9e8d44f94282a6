namespace PaimonSharp.Cdc.Binlog;

/// <summary>What <see cref="TransactionReader"/> has come to.</summary>
public enum TransactionStep : byte
{
    /// <summary>The end of a source that ends.</summary>
    End,

    /// <summary>Rows of the open transaction: <see cref="TransactionReader.Rows"/>.</summary>
    Rows,

    /// <summary>A statement, in or outside a transaction: <see cref="TransactionReader.Statement"/>.</summary>
    Statement,

    /// <summary>A transaction or a statement of its own is complete: <see cref="TransactionReader.Boundary"/> moved.</summary>
    Committed,

    /// <summary>
    /// The open transaction has no end: its server crashed, or the last file ends. Its rows were never committed there.
    /// </summary>
    Abandoned,

    /// <summary>Nothing happened between transactions: a heartbeat, or a new file. A moment to look at the clock.</summary>
    Idle,
}

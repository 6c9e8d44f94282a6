namespace PaimonSharp.Faults.Tests;

/// <summary>Work on a table that finds out by itself where it stands and goes on from there, and a model to compare with.</summary>
internal interface IFaultJob
{
    /// <summary>The number of the last commit.</summary>
    static abstract int Commits { get; }

    /// <summary>The number of the last commit that the table confirmed to this object.</summary>
    long Acknowledged { get; }

    /// <summary>Runs from where the table stands to the last commit.</summary>
    Task RunAsync();

    /// <summary>The number of the last commit that the table holds; 0 when it holds none or is not there.</summary>
    Task<long> CommittedAsync();

    /// <summary>Compares the newest state and all snapshots with the model.</summary>
    /// <param name="committed">The number of the last commit that the table holds.</param>
    Task CheckAsync(long committed);
}

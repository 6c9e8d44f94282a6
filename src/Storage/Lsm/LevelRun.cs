namespace PaimonSharp.Storage.Lsm;

/// <summary>A sorted run and the level it is on.</summary>
/// <param name="Level">0 for flushed files, each of which is a run of its own.</param>
/// <param name="Run">The run.</param>
internal sealed record LevelRun(int Level, SortedRun Run);

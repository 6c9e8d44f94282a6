namespace PaimonSharp.Bench.Compaction;

/// <summary>Where new keys lie among the others, and which keys are updated.</summary>
internal enum KeyPattern
{
    /// <summary>New keys anywhere; all keys are updated alike.</summary>
    Uniform,

    /// <summary>New keys anywhere; few keys get most of the updates (the power of four of a uniform number).</summary>
    Skewed,

    /// <summary>New keys anywhere; only the newest hundredth is updated.</summary>
    Latest,

    /// <summary>New keys ascend, as those of an AUTO_INCREMENT column; all keys are updated alike.</summary>
    Ascending,
}

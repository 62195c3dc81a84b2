namespace MLNetCnn.Pipelines;

/// <summary>The column names that trainers and evaluators assume unless told otherwise.</summary>
public static class DefaultColumnNames
{
    /// <summary>The true class.</summary>
    public const string Label = "Label";

    /// <summary>The probability of every class, in the order of the label's keys.</summary>
    public const string Score = "Score";

    /// <summary>The class with the highest score.</summary>
    public const string PredictedLabel = "PredictedLabel";
}

using MLNetCnn.Evaluation;

namespace MLNetCnn.Pipelines;

/// <summary>What the catalogs of all tasks share.</summary>
public abstract class TrainCatalogBase
{
    private protected TrainCatalogBase(MLContext context) => Context = context;

    /// <summary>The context that the catalog belongs to.</summary>
    public MLContext Context { get; }

    /// <summary>One fold of a cross-validation.</summary>
    /// <typeparam name="T">The metrics.</typeparam>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        internal CrossValidationResult(ITransformer model, T metrics, IDataView scoredHoldOutSet, int fold) =>
            (Model, Metrics, ScoredHoldOutSet, Fold) = (model, metrics, scoredHoldOutSet, fold);

        /// <summary>The metrics on the rows held out.</summary>
        public T Metrics { get; }

        /// <summary>The model fitted on the other folds.</summary>
        public ITransformer Model { get; }

        /// <summary>The rows held out, with their scores.</summary>
        public IDataView ScoredHoldOutSet { get; }

        /// <summary>The fold, from 0.</summary>
        public int Fold { get; }
    }
}

/// <summary>Choosing one of several classes: trainers attach themselves to <see cref="Trainers"/>; scored data is evaluated here.</summary>
public sealed class MulticlassClassificationCatalog : TrainCatalogBase
{
    internal MulticlassClassificationCatalog(MLContext context)
        : base(context) =>
        Trainers = new MulticlassClassificationTrainers(context);

    /// <summary>The trainers, as extension methods.</summary>
    public MulticlassClassificationTrainers Trainers { get; }

    /// <summary>Evaluates scored data. Rows without a label or with a score that is not finite are left out, and <see cref="MLContext.Log"/> says how many.</summary>
    /// <param name="data">Rows with a label, their scores and a predicted label.</param>
    /// <param name="labelColumnName">A key column, or class indices from 0 carried by Single.</param>
    /// <param name="scoreColumnName">The probability of every class: a Single vector of known size whose slot i belongs to key i + 1.</param>
    /// <param name="predictedLabelColumnName">Has to be there, as in ML.NET; the metrics come from the scores.</param>
    /// <param name="topKPredictionCount">The k of top-k accuracy; 0: none.</param>
    /// <exception cref="InvalidOperationException">A column is missing or unsuited, or label and scores number the classes differently.</exception>
    public MulticlassClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel,
        int topKPredictionCount = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        _ = data.Schema[predictedLabelColumnName];
        var rows = new ScoredRows(data, labelColumnName, scoreColumnName);
        var evaluator = rows.Evaluate(topKPredictionCount);
        if (evaluator.UnseenClasses > 0)
        {
            Context.Write(ChannelMessageKind.Warning, nameof(Evaluate), $"{evaluator.UnseenClasses} rows have a class that the model does not know: they count as wrong, with the highest log-loss");
        }

        if (evaluator.LeftOut > 0)
        {
            Context.Write(ChannelMessageKind.Warning, nameof(Evaluate), $"{evaluator.LeftOut} rows are left out: their label is missing or a score is not finite");
        }

        return evaluator.ToMetrics();
    }

    /// <summary>Fits <paramref name="estimator"/> once for every fold on the other folds, and evaluates it on that one.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="estimator">What is fitted; its output has the columns Score and PredictedLabel.</param>
    /// <param name="numberOfFolds">At least 2.</param>
    /// <param name="labelColumnName">The label column of the estimator's output.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value here stay in one fold.</param>
    /// <param name="seed">The seed of the split; null: the context's, or a fixed one.</param>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label,
        string? samplingKeyColumnName = null,
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return [.. Context.Data.CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed).Select((split, fold) =>
        {
            var model = estimator.Fit(split.TrainSet);
            // Steps of the testing scope only (labels to keys, for example) belong to an evaluation too; those of training alone do not.
            var scored = model.Transform(split.TestSet, TransformerScope.Testing | TransformerScope.Scoring);
            return new CrossValidationResult<MulticlassClassificationMetrics>(model, Evaluate(scored, labelColumnName), scored, fold);
        })];
    }

    /// <summary>Where trainers attach themselves as extension methods.</summary>
    public sealed class MulticlassClassificationTrainers
    {
        internal MulticlassClassificationTrainers(MLContext context) => Context = context;

        /// <summary>The context that the catalog belongs to.</summary>
        public MLContext Context { get; }
    }
}

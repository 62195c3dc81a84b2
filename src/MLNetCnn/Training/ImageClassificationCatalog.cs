namespace MLNetCnn.Training;

/// <summary>Puts the image classification trainer where ML.NET's users look for it.</summary>
public static class ImageClassificationCatalog
{
    /// <summary>Creates a trainer with settings of its own.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ConfigurationException">Settings are out of their ranges; all are named.</exception>
    public static ImageClassificationTrainer ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, ImageClassificationTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new ImageClassificationTrainer(catalog.Context, options);
    }

    /// <summary>Creates a trainer with default settings.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="labelColumnName">The column of labels, a key.</param>
    /// <param name="featureColumnName">The column of images.</param>
    /// <param name="scoreColumnName">The column to give the scores to.</param>
    /// <param name="predictedLabelColumnName">The column to give the predicted label to.</param>
    /// <param name="validationSet">Images to validate on; null to hold some of the training images out.</param>
    public static ImageClassificationTrainer ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Image",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        IDataView? validationSet = null) => catalog.ImageClassification(new ImageClassificationTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ValidationSet = validationSet,
        });
}

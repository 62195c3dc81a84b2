using Microsoft.ML;

using MLNetCnn.Inference;
using MLNetCnn.Training;

namespace MLNetCnn.MicrosoftML;

/// <summary>Puts the image classification trainer where ML.NET's own stands, so that a pipeline with default settings changes by a <c>using</c>, and one with options by their few other names.</summary>
public static class ImageClassificationCatalog
{
    /// <summary>Creates a trainer with settings of its own.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="options">The settings; their own validation set is a view of this library's, <paramref name="validationSet"/> one of ML.NET's.</param>
    /// <param name="validationSet">Images to validate on, with the labels of the training images; null to hold some of those out.</param>
    /// <exception cref="ConfigurationException">Settings are out of their ranges; all are named.</exception>
    public static ImageClassificationEstimator ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        ImageClassificationTrainer.Options options,
        IDataView? validationSet = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new ImageClassificationEstimator(options, validationSet);
    }

    /// <summary>Creates a trainer with default settings.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="labelColumnName">The column of labels, a key.</param>
    /// <param name="featureColumnName">The column of images: encoded bytes, as <c>LoadRawImageBytes</c> gives them.</param>
    /// <param name="scoreColumnName">The column to give the scores to.</param>
    /// <param name="predictedLabelColumnName">The column to give the predicted label to.</param>
    /// <param name="validationSet">Images to validate on; null to hold some of the training images out.</param>
    public static ImageClassificationEstimator ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Image",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        IDataView? validationSet = null) => catalog.ImageClassification(
            new ImageClassificationTrainer.Options
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                ScoreColumnName = scoreColumnName,
                PredictedLabelColumnName = predictedLabelColumnName,
            },
            validationSet);

    /// <summary>Loads a model .zip, whether it comes from a pipeline of ML.NET's, from <c>mlnetcnn train</c> or from a sweep.</summary>
    /// <param name="catalog"><c>mlContext.Model</c>.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="featureColumnName">The column of images: encoded bytes.</param>
    /// <param name="scoreColumnName">The column to give the scores to.</param>
    /// <param name="predictedLabelColumnName">The column to give the predicted label to.</param>
    /// <exception cref="ModelFormatException">The file is no such model, or damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ImageClassificationModel LoadImageClassification(
        this ModelOperationsCatalog catalog,
        string filePath,
        string featureColumnName = "Image",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        var columns = new ImageClassificationColumns(featureColumnName, scoreColumnName, predictedLabelColumnName);
        return new ImageClassificationModel(ImageClassificationTransformer.Load(filePath, columns), columns);
    }
}

using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Cli.Commands;

/// <summary>Loads a model .zip for a verb.</summary>
internal static class Models
{
    /// <exception cref="ConfigurationException">There is no such file.</exception>
    public static ImageModel Load(string path, ImageModelOptions? options = null) => File.Exists(path)
        ? ImageModel.Load(path, options)
        : throw new ConfigurationException($"{path}: there is no such file; give the model.zip that train or study wrote");

    /// <exception cref="ConfigurationException">The images have other classes than the model.</exception>
    public static void CheckLabels(IReadOnlyList<string> labels, ImageSet images, string path)
    {
        if (!labels.SequenceEqual(images.ClassNames))
        {
            throw new ConfigurationException(
                $"{path} knows the classes {string.Join(", ", labels.Take(5))}…, the dataset has {string.Join(", ", images.ClassNames.Take(5))}…: evaluate on the classes that the model was trained on, in their order");
        }
    }
}

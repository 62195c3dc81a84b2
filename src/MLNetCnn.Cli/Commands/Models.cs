using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Cli.Commands;

/// <summary>Loads a model .zip for a verb.</summary>
internal static class Models
{
    /// <exception cref="ConfigurationException">There is no such file.</exception>
    public static ImageModel Load(string path, ImageModelOptions? options = null) => File.Exists(path)
        ? ImageModel.Load(path, options)
        : throw new ConfigurationException($"{path}: there is no such file; give the model.zip that train, study or sweep wrote");

    /// <summary>The classes of images as a model numbers them; the images need not be of all of its classes.</summary>
    /// <exception cref="ConfigurationException">There are images of classes that the model does not know.</exception>
    public static int[] LabelsOf(ImageSet images, IReadOnlyList<string> labels, string path)
    {
        var known = labels.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
        var places = images.ClassNames.Select(name => known.GetValueOrDefault(name, -1)).ToArray();
        var strangers = images.ClassNames.Where((_, place) => places[place] < 0).ToList();
        return strangers.Count == 0
            ? [.. images.Labels.ToArray().Select(label => places[label])]
            : throw new ConfigurationException($"{path} does not know {Named(strangers)}; it knows {Named(labels)}: give images of the classes that it was trained on");
    }

    /// <exception cref="ConfigurationException">The images have other classes than the model.</exception>
    public static void CheckLabels(IReadOnlyList<string> labels, ImageSet images, string path)
    {
        if (!labels.SequenceEqual(images.ClassNames))
        {
            LabelsOf(images, labels, path);
            throw new ConfigurationException($"{path} knows {Named(labels)}, the dataset has {Named(images.ClassNames)}: all classes that the model was trained on are needed, in their order");
        }
    }

    private static string Named(IReadOnlyList<string> classes) =>
        string.Join(", ", classes.Take(5)) + (classes.Count > 5 ? $" and {classes.Count - 5} more" : "");
}

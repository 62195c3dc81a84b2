using MLNetCnn.Inference;

namespace MLNetCnn.Cli.Commands;

/// <summary>Loads a model .zip for a verb.</summary>
internal static class Models
{
    /// <exception cref="ConfigurationException">There is no such file.</exception>
    public static ImageModel Load(string path, ImageModelOptions? options = null) => File.Exists(path)
        ? ImageModel.Load(path, options)
        : throw new ConfigurationException($"{path}: there is no such file; give the model.zip that train or study wrote");
}

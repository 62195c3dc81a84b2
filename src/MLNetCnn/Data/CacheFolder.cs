using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>The folder that holds downloads and caches; all of it can be deleted at any time.</summary>
public static class CacheFolder
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "MLNETCNN_CACHE";

    /// <summary><c>MLNETCNN_CACHE</c>, or <c>mlnetcnn</c> below <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>.</summary>
    public static string Default
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
            {
                return Path.GetFullPath(chosen);
            }

            var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
                ? xdg
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(caches, "mlnetcnn");
        }
    }

    /// <summary>How much of the default folder images and features take, and how much they may.</summary>
    /// <exception cref="ConfigurationException"><c>MLNETCNN_CACHE_LIMIT</c> names no size.</exception>
    public static string Describe()
    {
        var space = new CacheSpace(Default);
        return string.Create(CultureInfo.InvariantCulture, $"{space.Held / 1e9:0.0} GB of images and features, at most {space.Limit / 1e9:0.0} GB ({CacheSpace.Variable})");
    }

    /// <summary>What a full disk, or one without permission, is answered with.</summary>
    /// <param name="what">What was to be written, with its path.</param>
    /// <param name="cause">What came of it.</param>
    internal static DatasetException Unwritable(string what, Exception cause) =>
        new($"{what} cannot be written ({cause.Message}): make room, or name another cache with {Variable}", cause);

    /// <summary>Makes a folder below the cache.</summary>
    /// <exception cref="DatasetException">It cannot be written.</exception>
    internal static string Create(string path)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"the cache folder {path} cannot be written ({error.Message}): name another with {Variable}", error);
        }
    }
}

using MLNetCnn.Data;

namespace MLNetCnn.Runs;

/// <summary>Checks an output folder before hours of work are put into it.</summary>
public static class OutputFolder
{
    /// <summary>Refuses to write among images: what is written there would be read with them the next time. Folders whose names begin with a dot are passed over by readers too.</summary>
    /// <param name="output">The folder or file to write.</param>
    /// <param name="dataset">The dataset.</param>
    /// <exception cref="ConfigurationException">The output lies in a folder of the dataset's images.</exception>
    public static void CheckOutside(string output, DatasetManifest dataset)
    {
        var above = AncestorFolders.Of(Path.GetFullPath(output)).ToList();
        var made = above.FindIndex(Directory.Exists);
        string[] real = [.. AncestorFolders.Of(Path.Combine(RealPath.Of(above[made]), Path.GetRelativePath(above[made], above[0])))];
        foreach (var source in dataset.Sources.Where(source => source.Files.Count == 0 && (source.Format ?? dataset.Format) is ImageFolderReader && Directory.Exists(source.Folder)))
        {
            var depth = Array.IndexOf(real, RealPath.Of(source.Folder!));
            if (depth >= 0 && !real.Take(depth).Any(folder => Path.GetFileName(folder).StartsWith('.')))
            {
                throw new ConfigurationException($"{output} lies in the folder of the images, {source.Folder}, and would be read with them the next time: give a place outside of it");
            }
        }
    }

    /// <summary>Makes <paramref name="folder"/> and proves that files can be written there.</summary>
    /// <exception cref="ConfigurationException">They cannot.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{folder}: can't be written to ({exception.Message}); give another folder with --output");
        }
    }

    /// <summary>As <see cref="Prepare"/>, for the folder of a file that is to be written.</summary>
    /// <exception cref="ConfigurationException">It can't be written.</exception>
    public static void PrepareFor(string file)
    {
        if (Directory.Exists(file))
        {
            throw new ConfigurationException($"{file}: is a folder; give the name of a file in it");
        }

        Prepare(Path.GetDirectoryName(Path.GetFullPath(file))!);
    }
}

namespace MLNetCnn;

/// <summary>Writes files so that nobody ever sees half of one: beside, then renamed into place.</summary>
public static class AtomicFile
{
    /// <summary>Writes a text file (UTF-8 without a mark).</summary>
    /// <exception cref="IOException">It cannot be written; nothing is left behind.</exception>
    public static void Write(string path, string text) => Write(path, unfinished => File.WriteAllText(unfinished, text));

    /// <summary>As <see cref="Write(string, string)"/>, of what is remembered to save time: in a cache that may only be read it is done without.</summary>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Write(path, text);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Has a file written by <paramref name="write"/>, which is given the path to write to.</summary>
    /// <exception cref="IOException">It cannot be written; nothing is left behind.</exception>
    public static void Write(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var unfinished = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            write(unfinished);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}

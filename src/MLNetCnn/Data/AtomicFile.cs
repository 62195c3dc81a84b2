namespace MLNetCnn.Data;

/// <summary>Writes files so that nobody ever sees half of one: beside, then renamed into place.</summary>
internal static class AtomicFile
{
    public static void Write(string path, string text)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            File.WriteAllText(unfinished, text);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}

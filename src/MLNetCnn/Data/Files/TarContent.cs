namespace MLNetCnn.Data;

/// <summary>One file's content in a tar, where a failure is one of the whole archive: what comes behind it cannot be reached.</summary>
internal sealed class TarContent(Stream data, string archive) : ForwardStream
{
    public static DatasetException Damaged(string archive, Exception cause) => new(
        cause is EndOfStreamException ? $"{archive} is cut short: fetch or copy it again" : $"{archive} is damaged or no archive ({cause.Message.TrimEnd('.')}): fetch or copy it again",
        cause);

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return data.Read(buffer);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw Damaged(archive, error);
        }
    }
}

namespace Quickstart.Tour;

internal static class TourExtensions
{
    public static async Task<int> RunWithTourAsync(this WebApplication app, string[] args)
    {
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        using var visit = new Visit(new Uri(app.Urls.First()), (app.Configuration["Shop:Owner"]!, app.Configuration["Shop:OwnerPassword"]!));
        foreach (var scene in visit.Scenes)
        {
            Console.WriteLine(scene.Title);
            await scene.Play();
        }
        if (args.Contains("--once")) { await app.StopAsync(); return 0; }
        await app.WaitForShutdownAsync();
        return 0;
    }
}

"""Where people live and who works for them: districts and municipalities by AGS, carriers and their teams."""

-- wrk: one officer, the same each time.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"officers": [{"sect": "alawite", "rank": "brigadier", "eliteness": "elite", "proximity": "trusted"}]}'
